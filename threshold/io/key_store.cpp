#include "threshold/io/key_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

namespace assay::threshold {
namespace {

constexpr unsigned owner_only = 0600;

Done write_temporary(const std::filesystem::path& path, const KeyFile& key) {
  const auto file = File::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, owner_only);
  if (!file) return file.error();
  if (auto done = file->write_all(key.head); !done) return done;
  if (auto done = file->write_all(key.body.bytes().first<KeyFile::body_size>()); !done) return done;
  if (auto done = file->write_all(key.check.bytes); !done) return done;
  return file->sync();
}

/// link(2) refuses an existing name where rename(2) would replace it: a key that is lost is lost for ever.
Done store(const std::filesystem::path& path, const Result<KeyFile>& sealed) {
  if (!sealed) return sealed.error();
  auto temporary = path;
  temporary += ".new-" + std::to_string(::getpid());
  if (auto done = write_temporary(temporary, *sealed); !done) {
    ::unlink(temporary.c_str());
    return done;
  }
  const int linked = ::link(temporary.c_str(), path.c_str());
  const int reason = errno;
  ::unlink(temporary.c_str());
  if (linked != 0) {
    return reason == EEXIST ? Error{Errc::key_exists, "a key file is never overwritten: name another place"}
                            : Error{Errc::io_failed, "the key file cannot be put in its place"};
  }
  return sync_folder(folder_of(path));
}

Done read_exactly(const File& file, std::span<std::uint8_t> out, const char* expected) {
  while (!out.empty()) {
    const auto got = file.read_some(out);
    if (!got) return got.error();
    if (*got == 0) return Error{Errc::truncated, expected};
    out = out.subspan(*got);
  }
  return Ok{};
}

Done at_end(const File& file, const char* expected) {
  std::uint8_t beyond = 0;
  const auto more = file.read_some({&beyond, 1});
  return more && *more == 0 ? Done(Ok{}) : Done(Error{Errc::trailing_bytes, expected});
}

Result<File> open_secret(const std::filesystem::path& path, Sharing sharing) {
  auto file = File::open(path, O_RDONLY | O_NONBLOCK);  // or a FIFO without a writer would hold the caller
  if (!file) return file.error();
  struct stat facts {};
  if (::fstat(file->descriptor(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{Errc::io_failed, "a key or passphrase stands in a regular file"};
  }
  if (sharing == Sharing::owner_only && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Errc::key_exposed, "others than its owner may use this file: run chmod 600 on it"};
  }
  return file;
}

Result<KeyFile> load(const std::filesystem::path& path) {
  constexpr auto expected = "a key file of 222 bytes";
  static_assert(KeyFile::size == 222);
  const auto file = open_secret(path, Sharing::owner_only);
  if (!file) return file.error();
  KeyFile key;
  if (auto done = read_exactly(*file, key.head, expected); !done) return done.error();
  if (auto done = read_exactly(*file, key.body.bytes().first<KeyFile::body_size>(), expected); !done) {
    return done.error();
  }
  if (auto done = read_exactly(*file, key.check.bytes, expected); !done) return done.error();
  if (auto done = at_end(*file, expected); !done) return done.error();
  return key;
}

}  // namespace

Done store_identity(const std::filesystem::path& path, const IdentityKey& key, const KeyGuard& guard,
                    Entropy& entropy) {
  return store(path, seal(key, guard, entropy));
}

Done store_share(const std::filesystem::path& path, const frost::SecretShare& share, const ShareOrigin& origin,
                 const KeyGuard& guard, Entropy& entropy) {
  return store(path, seal(share, origin, guard, entropy));
}

Result<IdentityKey> load_identity(const std::filesystem::path& path, const KeyGuard& guard) {
  const auto file = load(path);
  if (!file) return file.error();
  return open_identity(*file, guard);
}

Result<StoredShare> load_share(const std::filesystem::path& path, const KeyGuard& guard) {
  const auto file = load(path);
  if (!file) return file.error();
  return open_share(*file, guard);
}

Result<KeyProtection> protection_of(const std::filesystem::path& path) {
  const auto file = load(path);
  if (!file) return file.error();
  return protection_of(*file);
}

Result<ShareLock> ShareLock::take(const std::filesystem::path& path) {
  auto file = open_secret(path, Sharing::owner_only);
  if (!file) return file.error();
  if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK
               ? Error{Errc::key_in_use, "another process uses this share: stop it first, one share serves one node"}
               : Error{Errc::io_failed, "the share file cannot be locked: its file system must know flock"};
  }
  return ShareLock(std::move(*file));
}

Result<Passphrase> load_passphrase(const std::filesystem::path& path, Sharing sharing) {
  const auto file = open_secret(path, sharing);
  if (!file) return file.error();
  Passphrase passphrase;
  SecretSlot chunk = SecretSlot::make();
  while (true) {
    const auto got = file->read_some(chunk.bytes());
    if (!got) return got.error();
    if (*got == 0) break;
    if (auto done = passphrase.append(std::as_const(chunk).bytes().first(*got)); !done) return done.error();
  }
  passphrase.drop_line_end();
  if (auto done = passphrase.usable(); !done) return done.error();
  return passphrase;
}

Result<KeyGuard> load_guard_key(const std::filesystem::path& path, Sharing sharing) {
  constexpr auto expected = "a file of exactly 32 random bytes: head -c 32 /dev/urandom makes one";
  const auto file = open_secret(path, sharing);
  if (!file) return file.error();
  SecretSlot key = SecretSlot::make();
  if (auto done = read_exactly(*file, key.bytes().first<32>(), expected); !done) return done.error();
  if (auto done = at_end(*file, expected); !done) return done.error();
  return KeyGuard::of(std::move(key));
}

}  // namespace assay::threshold
