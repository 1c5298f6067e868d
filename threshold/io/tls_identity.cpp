#include "threshold/io/tls_identity.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>

namespace assay::threshold {
namespace {

constexpr Error refused{Errc::connect_failed, "OpenSSL accepts an Ed25519 identity for TLS 1.3"};
constexpr std::size_t certificate_bytes_max = 4096;

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct CertificateDeleter {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
using Certificate = std::unique_ptr<X509, CertificateDeleter>;

/// Valid for ever, so that no clock takes part: what counts is the key.
Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  if (!certificate) return nullptr;
  auto* const name = X509_get_subject_name(certificate.get());
  const auto* const text = reinterpret_cast<const unsigned char*>("assay member");
  const bool good = X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1 &&
                    ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "19700101000000Z") == 1 &&
                    ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z") == 1 &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
                    X509_set_issuer_name(certificate.get(), name) == 1 &&
                    X509_set_pubkey(certificate.get(), key) == 1 && X509_sign(certificate.get(), key, nullptr) > 0;
  return good ? std::move(certificate) : nullptr;
}

std::optional<PublicKey> key_of(const X509* certificate) noexcept {
  const EVP_PKEY* key = certificate != nullptr ? X509_get0_pubkey(certificate) : nullptr;
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return std::nullopt;
  PublicKey out;
  std::size_t length = out.bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, out.bytes.data(), &length) != 1 || length != out.bytes.size()) {
    return std::nullopt;
  }
  return out;
}

/// Replaces OpenSSL's chain building altogether. TLS itself makes the other side prove that it holds the key.
int verify_pinned(X509_STORE_CTX* store, void* pinned) {
  const auto& keys = *static_cast<const std::vector<PublicKey>*>(pinned);
  const auto key = key_of(X509_STORE_CTX_get0_cert(store));
  if (key && std::ranges::find(keys, *key) != keys.end()) return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

}  // namespace

void TlsContextDeleter::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}

Result<TlsContext> make_tls_context(const IdentityKey& identity, const std::vector<PublicKey>& pinned) {
  const auto seed = identity.seed();
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  const Certificate certificate = key ? self_signed(key.get()) : nullptr;
  TlsContext context(SSL_CTX_new(TLS_method()));
  if (!certificate || !context) return refused;
  auto* const raw = context.get();
  SSL_CTX_set_options(raw, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(raw, certificate_bytes_max);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(raw, verify_pinned, const_cast<std::vector<PublicKey>*>(&pinned));
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  const bool good = SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION) == 1 && SSL_CTX_set_num_tickets(raw, 0) == 1 &&
                    SSL_CTX_set1_sigalgs_list(raw, "ed25519") == 1 && SSL_CTX_set1_groups_list(raw, "X25519") == 1 &&
                    SSL_CTX_use_certificate(raw, certificate.get()) == 1 && SSL_CTX_use_PrivateKey(raw, key.get()) == 1;
  if (!good) return refused;
  return context;
}

std::optional<PublicKey> peer_key(const ssl_st* connection) noexcept {
  return key_of(SSL_get0_peer_certificate(connection));
}

bool refused_identity(const ssl_st* connection) noexcept {
  return SSL_get_verify_result(connection) == X509_V_ERR_APPLICATION_VERIFICATION;
}

}  // namespace assay::threshold
