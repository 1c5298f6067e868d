#include "core/digest.hpp"

#include <openssl/evp.h>

#include "core/check.hpp"

namespace assay {
namespace {

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

// Fetching the algorithm costs more than hashing 65 bytes, so it is done once, and the context is kept per thread.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  check(fetched != nullptr, "OpenSSL provides SHA-256");
  return fetched;
}

EVP_MD_CTX* fresh_context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextFree> context{EVP_MD_CTX_new()};
  check(context != nullptr, "memory for a digest context");
  check(EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1, "SHA-256 starts");
  return context.get();
}

void update(EVP_MD_CTX* context, ByteSpan part) {
  check(EVP_DigestUpdate(context, part.data(), part.size()) == 1, "SHA-256 takes bytes");
}

Digest finish(EVP_MD_CTX* context) {
  Digest out;
  check(EVP_DigestFinal_ex(context, out.bytes.data(), nullptr) == 1, "SHA-256 ends");
  return out;
}

}  // namespace

Digest sha256(std::initializer_list<ByteSpan> parts) {
  EVP_MD_CTX* const context = fresh_context();
  for (const ByteSpan part : parts) {
    update(context, part);
  }
  return finish(context);
}

Digest sha256(ByteSpan data) {
  return sha256({data});
}

Digest tagged_sha256(std::string_view tag, std::initializer_list<ByteSpan> parts) {
  constexpr std::uint8_t zero[] = {0};
  EVP_MD_CTX* const context = fresh_context();
  update(context, as_bytes(tag));
  update(context, zero);
  for (const ByteSpan part : parts) {
    update(context, part);
  }
  return finish(context);
}

}  // namespace assay
