#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr Error corrupt{Errc::log_corrupt, "records that this party wrote, in order"};

}  // namespace

Done Machine::restore(const std::vector<Bytes>& records) {
  for (const Bytes& bytes : records) {
    const auto record = decode_record(settings_.terms, bytes);
    if (!record) return record.error();
    if (is_over()) return corrupt;
    if (auto done = restore_one(*record); !done) return done;
  }
  outbox_.drop_effects();
  return Ok{};
}

Done Machine::restore_one(const Record& record) {
  if (const auto* dealt = std::get_if<Dealt>(&record)) {
    on_frame(dealt->frame);
    kept_.dealt = true;
    if (failed_ || board_.find(MessageType::deal, me_) == nullptr) return corrupt;
  }
  if (const auto* supported = std::get_if<Supported>(&record)) return restore_supported(*supported);
  if (std::holds_alternative<Confirmed>(record)) {
    if (pace_.stage != Stage::supporting) return corrupt;
    ours_ = assemble(settings_.terms, board_, identity_);
    if (!ours_) return corrupt;
    kept_.bound = true;
    on_frame(sealed(MessageType::confirm, encode(ours_->confirm)));
    enter(Stage::confirming);
  }
  if (const auto* certified = std::get_if<Certified>(&record)) {
    if (pace_.stage != Stage::confirming || certified->confirm != ours_->confirm) return corrupt;
    kept_.certificate = certified->certificate;
    enter(Stage::testing);
  }
  if (const auto* attempted = std::get_if<Attempted>(&record)) {
    if (pace_.stage != Stage::testing) return corrupt;
    test_.begin(attempted->attempt);
  }
  if (const auto* activated = std::get_if<Activated>(&record)) {
    if (!ours_) ours_.emplace();
    ours_->record = activated->record;
    kept_.outcome = activated->outcome;
    enter(Stage::activated);
  }
  if (const auto* cancelled = std::get_if<Cancelled>(&record)) {
    kept_.blames = cancelled->blames;
    failed_ = true;
    enter(Stage::cancelled);
    outbox_.drop_effects();
  }
  return Ok{};
}

Done Machine::restore_supported(const Supported& record) {
  for (const Bytes& deal : record.deals) on_frame(deal);
  on_frame(record.frame);
  if (failed_ || board_.deals().size() != settings_.terms.dealers() ||
      board_.find(MessageType::support, me_) == nullptr) {
    return corrupt;
  }
  enter(Stage::supporting);
  return Ok{};
}

}  // namespace assay::threshold::ceremony
