#pragma once
#include "fetchers/market/dialogue.hpp"

namespace assay::fetchers::market {

class KrakenDialogue final : public Dialogue {
 public:
  bool serves(std::string_view target) const override;
  Answer greet(std::string_view target, std::span<const Pair> pairs) const override;
  Answer hear(std::string_view text, std::span<const Pair> pairs, WallTime now) const override;
  std::string push(const Topic& topic, std::string_view target, const Board& board, Push kind) const override;
  std::vector<std::string> heartbeat(std::span<const Topic> topics, const Board& board, WallTime now) const override;
  RestAnswer rest(std::string_view target, const Board& board, WallTime now) const override;
};

}  // namespace assay::fetchers::market
