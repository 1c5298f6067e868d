#include "tests/unit/threshold/crypto/frost_peer.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace assay::threshold {

std::unique_ptr<FrostPeer> FrostPeer::start(std::string& why) {
  const char* const folder = std::getenv("ASSAY_FROST_PEER");
  if (folder == nullptr || !std::filesystem::exists(std::filesystem::path(folder) / "node_modules")) {
    why = "the frost-peer is not installed: tests/tools/frost-peer/run does it, where node and npm are";
    return nullptr;
  }
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  if (::pipe(to.data()) != 0 || ::pipe(from.data()) != 0) {
    why = "no pipes";
    return nullptr;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    for (const int end : {to[0], to[1], from[0], from[1]}) ::close(end);
    if (::chdir(folder) == 0) ::execlp("node", "node", "frost-peer.mjs", nullptr);
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  return std::unique_ptr<FrostPeer>(new FrostPeer(child, to[1], from[0]));
}

FrostPeer::~FrostPeer() {
  ::close(to_);  // its standard input ends, and so does it
  ::close(from_);
  ::waitpid(process_, nullptr, 0);
}

boost::json::object FrostPeer::ask(const boost::json::object& question) {
  const std::string line = boost::json::serialize(question) + "\n";
  EXPECT_EQ(::write(to_, line.data(), line.size()), static_cast<ssize_t>(line.size()));
  auto end = pending_.find('\n');
  while (end == std::string::npos) {
    std::array<char, 4096> piece;
    const auto got = ::read(from_, piece.data(), piece.size());
    if (got <= 0) return {{"error", "the peer ended"}};
    pending_.append(piece.data(), static_cast<std::size_t>(got));
    end = pending_.find('\n');
  }
  const auto answer = boost::json::parse(pending_.substr(0, end));
  pending_.erase(0, end + 1);
  return answer.as_object();
}

}  // namespace assay::threshold
