// Plays every script and compares its transcript with tests/transcripts/NAME.txt.   sim_transcripts [--update]
// A change of the protocol changes transcripts: read the difference as prose, then update.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "tests/sim/stage.hpp"

int main(int argc, char** argv) {
  using namespace assay::threshold;
  const bool update = argc > 1 && std::strcmp(argv[1], "--update") == 0;
  const sim::Keys keys(Quorum{4});
  int wrong = 0;
  for (const sim::Script& script : sim::scripts()) {
    std::string text;
    const auto broken = sim::play(script, keys, [&text](const std::string& line) { text += line + "\n"; });
    if (broken) {
      std::printf("%s: %s: %s\n", script.name, broken->invariant.c_str(), broken->detail.c_str());
      ++wrong;
    }
    const std::string path = std::string(ASSAY_SOURCE_DIR) + "/tests/transcripts/" + script.name + ".txt";
    if (update) {
      std::ofstream(path) << text;
      continue;
    }
    std::stringstream known;
    known << std::ifstream(path).rdbuf();
    if (known.str() == text) continue;
    ++wrong;
    const std::string old = known.str();
    std::size_t at = 0;
    while (at < old.size() && at < text.size() && old[at] == text[at]) ++at;
    const std::size_t from = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
    std::printf("%s differs from %s, first at:\n  %s\n", script.name, path.c_str(),
                text.substr(from, text.find('\n', at) - from).c_str());
  }
  std::printf("%zu transcripts, %d wrong\n", sim::scripts().size(), wrong);
  return wrong == 0 ? 0 : 1;
}
