#include "node/ceremony/progress.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/bytes.hpp"
#include "threshold/ceremony/repair_messages.hpp"

namespace assay::node {

namespace {

using threshold::ceremony::Machine;
using threshold::ceremony::MessageType;
using threshold::ceremony::Stage;
using threshold::ceremony::Terms;

/// What a party does in the course of a ceremony, in this order.
struct Step {
  const char* done;
  const char* lacking;
  bool (*reached)(const Machine&, std::uint16_t);
};

bool has_said(const Machine& machine, MessageType type, std::uint16_t party) {
  return machine.board().find(type, party) != nullptr;
}

constexpr std::array<Step, 6> steps{{
    {"takes part", "has not spoken", [](const Machine& m, std::uint16_t p) { return m.board().takes_part(p); }},
    {"has dealt", "has not dealt",
     [](const Machine& m, std::uint16_t p) {
       return !m.terms().parties[p].dealer || has_said(m, MessageType::deal, p);
     }},
    {"supports the deals", "does not support the deals yet",
     [](const Machine& m, std::uint16_t p) {
       return !m.terms().parties[p].member || has_said(m, MessageType::support, p);
     }},
    {"has stored its share and confirms", "has not confirmed",
     [](const Machine& m, std::uint16_t p) {
       return !m.terms().parties[p].member || has_said(m, MessageType::confirm, p);
     }},
    {"has signed the test", "has not signed the test",
     [](const Machine& m, std::uint16_t p) {
       return !m.terms().parties[p].member || has_said(m, MessageType::test_share, p);
     }},
    {"is through", "is not through", [](const Machine& m, std::uint16_t p) { return m.board().is_through(p); }},
}};

/// How many of the steps from the first on are done: a step that is not this party's counts as done.
std::size_t steps_done(const Machine& machine, std::uint16_t party) {
  if (machine.board().is_through(party)) {
    return steps.size();
  }
  std::size_t done = 0;
  while (done < steps.size() && steps[done].reached(machine, party)) {
    ++done;
  }
  return done;
}

std::size_t steps_due(Stage stage) {
  switch (stage) {
    case Stage::dealing:
      return 2;
    case Stage::supporting:
    case Stage::storing:
      return 3;
    case Stage::confirming:
      return 4;
    case Stage::testing:
      return 5;
    case Stage::activated:
    case Stage::cancelled:
      return 6;
  }
  return 0;
}

/// A step that this party has to do itself.
bool is_own(const Terms& terms, std::uint16_t party, std::size_t step) {
  const bool dealing = step == 1;
  const bool of_members = step >= 2 && step <= 4;
  return dealing ? terms.parties[party].dealer.has_value() : !of_members || terms.parties[party].member.has_value();
}

}  // namespace

std::string party_name(const Terms& terms, std::uint16_t party) {
  if (terms.proposal.kind == threshold::ceremony::Kind::repair) {
    return party == 0 ? fmt::format("member {}, whose share it is", threshold::ceremony::lost_member(terms).value)
                      : fmt::format("helping member {}", terms.proposal.dealers[party - 1U].value);
  }
  if (const auto member = terms.parties[party].member) {
    return fmt::format("member {}", member->value);
  }
  return fmt::format("leaving member {}", terms.proposal.dealers[*terms.parties[party].dealer].value);
}

CeremonyProgress::CeremonyProgress(const Terms& terms, Tell tell)
    : terms_(terms), tell_(std::move(tell)), seen_(terms.parties.size()) {}

void CeremonyProgress::up(std::uint16_t party) {
  seen_[party].up = true;
  seen_[party].trouble = {};
  tell_(party_name(terms_, party) + ": connected");
}

void CeremonyProgress::down(std::uint16_t party, Error error, const std::string& text) {
  Seen& seen = seen_[party];
  const bool was_up = std::exchange(seen.up, false);
  const bool told = std::exchange(seen.trouble, error.code) == error.code;
  if (was_up) {
    tell_(party_name(terms_, party) + ": connection lost");
  } else if (!told && error.code != Errc::connect_failed && error.code != Errc::closed) {
    tell_(fmt::format("{}: {}: expected {} {}", party_name(terms_, party), name(error.code), error.detail, text));
  }
}

void CeremonyProgress::foreign(std::uint16_t party) {
  if (!std::exchange(seen_[party].foreign, true)) {
    tell_(party_name(terms_, party) + ": runs another ceremony: compare the ceremony files");
  }
}

void CeremonyProgress::update(const Machine& machine) {
  for (std::uint16_t party = 0; party < seen_.size(); ++party) {
    const auto done = steps_done(machine, party);
    for (std::size_t step = seen_[party].steps; step < done; ++step) {
      if (is_own(terms_, party, step) && (party != machine.me() || step > 0)) {
        tell_(fmt::format("{}{}: {}", party_name(terms_, party), party == machine.me() ? " (this one)" : "",
                          steps[step].done));
      }
    }
    seen_[party].steps = std::max(seen_[party].steps, done);
  }
}

std::string CeremonyProgress::waiting_for(const Machine& machine) const {
  std::string text;
  for (std::uint16_t party = 0; party < seen_.size(); ++party) {
    const auto done = steps_done(machine, party);
    if (party == machine.me() || done >= steps_due(machine.stage())) {
      continue;
    }
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", party_name(terms_, party),
                        seen_[party].up ? steps[done].lacking : "not connected");
  }
  return text;
}

}  // namespace assay::node
