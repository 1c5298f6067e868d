#pragma once
#include <compare>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "threshold/evidence/evidence.hpp"
#include "threshold/observations.hpp"

namespace assay::threshold::evidence {

/// Remembers what each member signed lately and finds contradictions. Whoever asks has verified the signatures and
/// admits of the present view only heights around the present one, so what is held is bounded: per member, height and
/// type one frame, and f+1 where there are attempts. The first word counts; a second one makes evidence, also when it
/// comes after the view was left: what was said once a (view, height) is kept for past_views more, by its digest.
class Witness {
 public:
  explicit Witness(const Committee& committee) : committee_(committee) {}

  /// A frame with its decoded payload; types that may be worded anew are passed over.
  ///   cost  a map lookup; two hashes when the signature differs from that of the first
  std::optional<Evidence> hear(const Envelope& envelope, const Message& message, const SharedBytes& frame);
  /// The same for a frame that is known to be an OBS.
  std::optional<Evidence> hear(const Body& body);
  /// The PREPs inside a verified certificate.
  std::vector<Evidence> hear(const PrepareCertificate& certificate);
  /// The VENTERs inside a verified NEWVIEW for `view`.
  std::vector<Evidence> hear(const NewView& new_view, View view);

  /// The SHARE of a member in an attempt, or its VENTER; null where nothing was heard.
  SharedBytes share(View view, Height height, MemberIndex member, std::uint8_t attempt) const;
  SharedBytes venter(View view, MemberIndex member) const;
  /// The PROP whose payload has this digest, or null.
  SharedBytes proposal(const Digest& digest) const;

  /// A session in which all shares came: did one of its pairs serve another of the latest spent_max sessions?
  struct Session {
    Digest sid;
    std::vector<frost::SignerCommitment> signers;
    std::map<MemberIndex, SharedBytes> shares;  ///< filled in here
  };
  std::vector<Evidence> spend(View view, Height height, std::uint8_t attempt, Session session);
  static constexpr std::size_t spent_max = 64;

  /// `view` is the present one from now on. Of views before it words are kept as statements; what is forgotten are
  /// heights below this one and views more than past_views back.
  void forget(View view, Height below);
  static constexpr std::uint64_t past_views = 4;

 private:
  struct Key {
    MemberIndex member;
    MessageType type{};
    View view;
    Height height;  ///< 0 for a VENTER, which is one a view
    std::uint8_t attempt{};
    friend constexpr auto operator<=>(const Key&, const Key&) = default;
  };

  std::optional<Evidence> hear(const Key& key, const Envelope& envelope, const SharedBytes& frame);
  std::optional<Evidence> compare(const Key& key, const Bytes& first, const Envelope& second, const Bytes& frame) const;

  void keep_past(const Key& key, const Bytes& frame);

  const Committee& committee_;
  View view_;
  std::map<Key, SharedBytes> said_;
  std::map<Key, Statement> past_;    ///< of views before view_
  std::map<Key, Digest> proposals_;  ///< P of the PROPs among them
  std::deque<Session> spent_;
};

}  // namespace assay::threshold::evidence
