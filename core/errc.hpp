#pragma once
#include <cstdint>
#include <string_view>

namespace assay {

/// Every way in which input or the world can fail us, grouped by the folder that says it.
/// `name(Errc)` is the stable text that scripts see (`docs/venues.md`, `assay verify`).
enum class Errc : std::uint16_t {
  // core: bytes and numbers
  truncated = 1,   ///< fewer bytes than the layout needs
  trailing_bytes,  ///< bytes left over after a complete value
  not_canonical,   ///< a second spelling of a value that has one
  out_of_range,    ///< a field outside its documented bounds
  bad_number,      ///< text that is not a plain decimal
  zero_price,      ///< a price of zero
  negative_price,  ///< a price below zero
  overflow,        ///< a value or product that does not fit
  bad_hex,         ///< not lower-case hex of the expected length
  bad_base64,      ///< not canonical base64
  bad_proof,       ///< a Merkle path that does not lead to the root
  too_large,       ///< longer than the stated limit

  // core: signed structures
  bad_domain = 100,  ///< header does not start with the batch domain
  bad_version,       ///< leaf of an unknown version
  bad_status,        ///< status or reason bit without a meaning
  bad_signature,     ///< Ed25519 verification failed
  wrong_network,     ///< another network id than the pinned one
  wrong_feed,        ///< leaf is not the feed that was asked for
  wrong_height,      ///< leaf and header disagree on the height
  wrong_exponent,    ///< exponent differs from the feed's
  view_differs,      ///< the courtesy values are not those of the signed bytes

  // fetchers: what a venue sent (the codes of docs/venues.md)
  malformed = 200,  ///< not the JSON or framing that the venue documents
  missing_field,    ///< a documented field is absent or of another type
  symbol_unknown,   ///< the payload names no symbol and none was supplied
  venue_error,      ///< the venue answered with an error of its own
  rate_limited,     ///< the venue asks us to slow down
  retired_api,      ///< a protocol version that the venue no longer speaks
  unsupported,      ///< a well-formed message of a kind we do not read
  crossed_book,     ///< bid above ask
  html_page,        ///< an HTML page where data were due

  // threshold: crypto
  bad_scalar = 300,  ///< not a canonical scalar
  bad_element,       ///< not a prime-order point, or the identity
  bad_share,         ///< a signature share that does not verify
  bad_signer_set,    ///< signers not ascending, not distinct, too few or unknown
  nonce_used,        ///< a nonce pair that is spent, void or not ours
  self_test_failed,  ///< libsodium accepts what it must refuse, or a vector fails

  // threshold: messages and protocol
  wrong_committee = 400,  ///< signed for another cfg
  unknown_member,         ///< sender index outside the committee
  wrong_view,             ///< not my current view
  not_leader,             ///< only the view's leader may say this
  fenced,                 ///< a view in which I may have spoken before a restart
  wrong_tip,              ///< does not extend my tip
  duplicate,              ///< already said in this (view, height)
  equivocation,           ///< the sender said something else in this (view, height)
  too_few_observations,   ///< fewer than 2f+1 distinct valid observations
  wrong_aggregate,        ///< recomputation gives other bytes
  untimely,               ///< header or observation time outside the window
  bad_certificate,        ///< a certificate that does not verify or is too small
  bad_new_view,           ///< NEWVIEW without the proofs of what it claims
  behind,                 ///< the sender is ahead: catch up first

  // durability
  log_corrupt = 500,  ///< safety log damaged before its tail
  log_behind,         ///< peers hold newer signed messages of mine than my log
  io_failed,          ///< read, write or fsync failed
  locked,             ///< another process holds the file
  database_failed,    ///< SQLite or PostgreSQL refused

  // network and process
  connect_failed = 600,  ///< resolve, connect or TLS handshake failed
  timed_out,             ///< no answer in time
  closed,                ///< the other side ended the connection
  http_status,           ///< an HTTP status other than 200
  bad_identity,          ///< certificate key is not the pinned one
  mailbox_full,          ///< a bounded queue refused an item

  // key files
  key_damaged = 700,     ///< bit rot, or fields that do not go together
  key_wrong_secret,      ///< the passphrase or key is not the one that the file was made with
  key_other_guard,       ///< protected in another way than was offered
  key_wrong_kind,        ///< an identity where a share is due, or the reverse
  key_wrong_member,      ///< another member's share
  key_wrong_generation,  ///< a share of another key generation or of a later epoch
  key_wrong_group,       ///< a share with another verifying share than the group file's
  key_exposed,           ///< group or others may use the file
  key_exists,            ///< key files are never overwritten
  key_in_use,            ///< another process holds the share
};

/// The enumerator's own spelling, e.g. "bad_signature". Total; cost O(1); never null.
std::string_view name(Errc code) noexcept;

}  // namespace assay
