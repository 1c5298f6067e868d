#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr Error corrupt{Errc::log_corrupt, "records that this party wrote, in order"};

}  // namespace

Done Machine::restore(const std::vector<Bytes>& records) {
  for (const Bytes& bytes : records) {
    const auto record = decode_record(settings_.terms, bytes);
    if (!record) return record.error();
    if (stage_ == Stage::activated || stage_ == Stage::cancelled) return corrupt;
    if (auto done = restore_one(*record); !done) return done;
  }
  effects_.clear();
  return Ok{};
}

Done Machine::restore_one(const Record& record) {
  if (const auto* dealt = std::get_if<Dealt>(&record)) {
    on_frame(dealt->frame);
    dealt_ = true;
    if (failed_ || heard(MessageType::deal, me_) == nullptr) return corrupt;
  }
  if (const auto* supported = std::get_if<Supported>(&record)) return restore_supported(*supported);
  if (std::holds_alternative<Confirmed>(record)) {
    if (stage_ != Stage::supporting || !assemble()) return corrupt;
    bound_ = true;
    on_frame(sealed(MessageType::confirm, encode(confirm_)));
    enter(Stage::confirming);
  }
  if (const auto* certified = std::get_if<Certified>(&record)) {
    if (stage_ != Stage::confirming || certified->confirm != confirm_) return corrupt;
    certificate_ = certified->certificate;
    enter(Stage::testing);
  }
  if (const auto* attempted = std::get_if<Attempted>(&record)) {
    if (stage_ != Stage::testing) return corrupt;
    attempt_ = attempted->attempt;
  }
  if (const auto* activated = std::get_if<Activated>(&record)) {
    record_ = activated->record;
    outcome_ = activated->outcome;
    enter(Stage::activated);
  }
  if (const auto* cancelled = std::get_if<Cancelled>(&record)) {
    blames_ = cancelled->blames;
    failed_ = true;
    enter(Stage::cancelled);
    effects_.clear();
  }
  return Ok{};
}

Done Machine::restore_supported(const Supported& record) {
  for (const Bytes& deal : record.deals) on_frame(deal);
  on_frame(record.frame);
  if (failed_ || deals_.size() != settings_.terms.dealers() || heard(MessageType::support, me_) == nullptr) {
    return corrupt;
  }
  enter(Stage::supporting);
  return Ok{};
}

}  // namespace assay::threshold::ceremony
