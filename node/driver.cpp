#include "node/driver.hpp"

#include <utility>
#include <variant>

namespace assay::node {

namespace {

template <class... Handlers>
struct Match : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

Driver::Driver(std::unique_ptr<threshold::Protocol> protocol, DriverPorts ports)
    : protocol_(std::move(protocol)), ports_(std::move(ports)) {}

void Driver::handle(threshold::Event event) {
  pending_.push_back(std::move(event));
  while (!pending_.empty() && !stopped_) {
    const auto next_event = std::move(pending_.front());
    pending_.pop_front();
    for (auto& effect : protocol_->step(next_event, ports_.now())) {
      perform(effect);
      if (stopped_) {
        return;
      }
    }
  }
  if (!stopped_) {
    ports_.status(protocol_->status());
    ports_.wake_at(protocol_->next_deadline());
  }
}

void Driver::perform(threshold::Effect& effect) {
  std::visit(Match{
                 [this](threshold::Persist& e) { ports_.persist(e.id, std::move(e.record)); },
                 [this](threshold::Send& e) { ports_.send(e.to, std::move(e.frame)); },
                 [this](threshold::Broadcast& e) { ports_.broadcast(std::move(e.frame)); },
                 [this](const threshold::Observe& e) {
                   pending_.push_back(threshold::Observed{e.height, ports_.observe(ports_.now())});
                 },
                 [this](const threshold::Attested& e) { ports_.attested(e); },
                 [this](const threshold::ReadLedger& e) { ports_.read_ledger(e); },
                 [this](const threshold::Note& e) { ports_.note(e); },
                 [this](const threshold::Accuse& e) { ports_.accuse(e); },
                 [this](const threshold::Disconnect& e) { ports_.disconnect(e.member); },
                 [this](const threshold::Stop& e) {
                   stopped_ = true;
                   ports_.stop(e.error);
                 },
             },
             effect);
}

}  // namespace assay::node
