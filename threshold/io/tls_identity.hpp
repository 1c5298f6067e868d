#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/crypto/identity.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace assay::threshold {

/// TLS 1.3 in which an Ed25519 identity is everything: each side shows a self-signed certificate over its identity key,
/// made when the process starts, and the handshake succeeds only for a certificate whose key is among `pinned`. Names,
/// dates and chains mean nothing. No resumption, no early data.

struct TlsContextDeleter {
  void operator()(ssl_ctx_st* context) const noexcept;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, TlsContextDeleter>;

/// For both roles.  pinned  borrowed: outlives the context.  errors  connect_failed: OpenSSL refused
Result<TlsContext> make_tls_context(const IdentityKey& key, const std::vector<PublicKey>& pinned);

/// The key that the other side has proven, after the handshake.
std::optional<PublicKey> peer_key(const ssl_st* connection) noexcept;
/// The handshake failed because the other side's key is not a pinned one.
bool refused_identity(const ssl_st* connection) noexcept;

}  // namespace assay::threshold
