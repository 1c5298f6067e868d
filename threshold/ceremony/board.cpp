#include "threshold/ceremony/board.hpp"

#include <algorithm>

namespace assay::threshold::ceremony {

Board::Board(const Terms& terms)
    : terms_(terms), takes_part_(terms.parties.size(), false), through_(terms.parties.size(), false) {}

void Board::put(const Frame& frame, const Bytes& bytes) {
  if (frame.scope.type == MessageType::deal) {
    auto deal = decode_deal(terms_, frame.payload);
    if (deal) deals_.emplace(*terms_.parties[frame.scope.sender].dealer, std::move(deal).value());
  }
  said_[{frame.scope.type, frame.scope.sender}] = Said{bytes, {frame.digest, frame.signature}, frame.scope.attempt};
}

bool Board::holds(ByteSpan frame) const {
  ByteReader in(frame);
  (void)in.digest();
  const auto type = static_cast<MessageType>(in.u8());
  const Said* said = find(type, in.u16());
  return in.ok() && said != nullptr && std::ranges::equal(said->bytes, frame);
}

const Said* Board::find(MessageType type, std::uint16_t party) const {
  const auto found = said_.find({type, party});
  return found == said_.end() ? nullptr : &found->second;
}

const Said* Board::find(MessageType type, std::uint16_t party, std::uint32_t attempt) const {
  const Said* said = find(type, party);
  return said != nullptr && said->attempt == attempt ? said : nullptr;
}

bool Board::all_members_said(MessageType type) const {
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    if (find(type, i) == nullptr) return false;
  }
  return true;
}

bool Board::all_members_said(MessageType type, std::uint32_t attempt) const {
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    if (find(type, i, attempt) == nullptr) return false;
  }
  return true;
}

const Said& Board::deal_frame(std::uint16_t dealer) const {
  return said_.at({MessageType::deal, terms_.dealer_party(dealer)});
}

std::uint32_t Board::bitmap_of(MessageType type) const {
  std::uint32_t bitmap = 0;
  for (const auto& [key, said] : said_) {
    if (key.first != type) continue;
    const Party& party = terms_.parties[key.second];
    const auto place = type == MessageType::deal ? *party.dealer : party.member->value;
    bitmap |= std::uint32_t{1} << place;
  }
  return bitmap;
}

Query Board::have() const {
  return {bitmap_of(MessageType::deal), bitmap_of(MessageType::support), bitmap_of(MessageType::confirm)};
}

std::vector<Bytes> Board::said_by(std::uint16_t party) const {
  std::vector<Bytes> frames;
  for (const auto& [key, said] : said_) {
    if (key.second == party) frames.push_back(said.bytes);
  }
  return frames;
}

std::vector<Bytes> Board::missing_in(const Query& query) const {
  std::vector<Bytes> frames;
  for (const auto& [key, said] : said_) {
    const Party& party = terms_.parties[key.second];
    std::uint32_t has = ~std::uint32_t{0};
    if (key.first == MessageType::deal) has = query.deals >> *party.dealer;
    if (key.first == MessageType::support) has = query.supports >> party.member->value;
    if (key.first == MessageType::confirm) has = query.confirms >> party.member->value;
    if ((has & 1) == 0) frames.push_back(said.bytes);
  }
  return frames;
}

void Board::note(const Scope& scope) {
  takes_part_[scope.sender] = true;
  if (scope.type == MessageType::outcome) through_[scope.sender] = true;
}

}  // namespace assay::threshold::ceremony
