#include "threshold/io/key_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "threshold/io/file.hpp"

namespace assay::threshold {
namespace {

constexpr unsigned owner_only = 0600;

Done write_temporary(const std::filesystem::path& path, const KeyFileHead& head, ByteSpan secret) {
  const auto file = File::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, owner_only);
  if (!file) return file.error();
  if (auto done = file->write_all(head); !done) return done;
  if (auto done = file->write_all(secret); !done) return done;
  return file->sync();
}

/// link(2) refuses an existing name where rename(2) would replace it: a key that is lost is lost for ever.
Done store(const std::filesystem::path& path, const KeyFileHead& head, ByteSpan secret) {
  auto temporary = path;
  temporary += ".new-" + std::to_string(::getpid());
  if (auto done = write_temporary(temporary, head, secret); !done) {
    ::unlink(temporary.c_str());
    return done;
  }
  const int linked = ::link(temporary.c_str(), path.c_str());
  const int reason = errno;
  ::unlink(temporary.c_str());
  if (linked != 0) {
    return reason == EEXIST ? Error{Errc::io_failed, "the key file exists already and is never overwritten"}
                            : Error{Errc::io_failed, "the key file cannot be put in its place"};
  }
  return sync_folder(folder_of(path));
}

struct Halves {
  KeyFileHead head;
  SecretSlot body;
};

Done read_exactly(const File& file, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const auto got = file.read_some(out);
    if (!got) return got.error();
    if (*got == 0) return Error{Errc::truncated, "a key file of 122 bytes"};
    out = out.subspan(*got);
  }
  return Ok{};
}

Result<Halves> load(const std::filesystem::path& path) {
  const auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  struct stat facts {};
  if (::fstat(file->descriptor(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{Errc::io_failed, "a key file is a regular file"};
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Errc::io_failed, "others than its owner may use this key file: run chmod 600 on it"};
  }
  Halves halves{{}, SecretSlot::make()};
  if (auto done = read_exactly(*file, halves.head); !done) return done.error();
  if (auto done = read_exactly(*file, halves.body.bytes().first<32>()); !done) return done.error();
  std::uint8_t beyond = 0;
  const auto more = file->read_some({&beyond, 1});
  if (!more || *more != 0) return Error{Errc::trailing_bytes, "a key file of 122 bytes"};
  return halves;
}

}  // namespace

Done store_identity(const std::filesystem::path& path, const IdentityKey& key) {
  return store(path, key_file_head(key), key.seed());
}

Done store_share(const std::filesystem::path& path, const frost::SecretShare& share, std::uint32_t share_generation) {
  return store(path, key_file_head(share, share_generation), share.expose());
}

Result<IdentityKey> load_identity(const std::filesystem::path& path) {
  auto halves = load(path);
  if (!halves) return halves.error();
  return decode_identity_file(halves->head, std::move(halves->body));
}

Result<StoredShare> load_stored_share(const std::filesystem::path& path) {
  auto halves = load(path);
  if (!halves) return halves.error();
  return decode_share_file(halves->head, std::move(halves->body));
}

Result<frost::SecretShare> load_share(const std::filesystem::path& path) {
  auto stored = load_stored_share(path);
  if (!stored) return stored.error();
  return std::move(stored->share);
}

}  // namespace assay::threshold
