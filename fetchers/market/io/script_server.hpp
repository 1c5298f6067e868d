#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/market/io/demo_pki.hpp"
#include "fetchers/market/io/tls_server.hpp"

namespace assay::fetchers::market {

/// One message of a scripted stream, this long after the stream began.
struct ScriptFrame {
  Micros offset;
  std::string text;
  Opcode opcode = Opcode::text;
};

/// What becomes of a scripted connection after its last frame.
enum class ScriptEnd : std::uint8_t {
  stay,   ///< open and silent
  close,  ///< WebSocket close frame
  cut,    ///< the TCP connection just ends
};

/// What every client that opens one target is told, whatever it asks for.
struct ScriptStream {
  std::vector<ScriptFrame> frames;  ///< ascending offsets
  ScriptEnd end = ScriptEnd::stay;
  bool after_first_text = false;  ///< begin when the client has sent a text, not when it connects
};

struct Script {
  std::map<std::string, ScriptStream> streams;    ///< by exact target, or by its path
  std::map<std::string, HttpReply> bodies{};      ///< by exact target; for a POST by "POST " + target + " " + body
  std::function<void(const HttpQuery&)> asked{};  ///< told every request, on the run() thread; may be empty
};

/// Serves recorded or invented sessions over TLS on loopback: for tests and replays.
class ScriptServer {
 public:
  /// `heard` is told every text of a client, on the run() thread; may be empty.
  static Result<std::unique_ptr<ScriptServer>> listen(const PkiFiles& pki, Script script,
                                                      std::function<void(std::string_view text)> heard);
  ~ScriptServer();
  ScriptServer(const ScriptServer&) = delete;
  ScriptServer& operator=(const ScriptServer&) = delete;

  std::uint16_t port() const;
  void run();   ///< lends the thread until stop()
  void stop();  ///< any thread

 private:
  class Impl;
  explicit ScriptServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers::market
