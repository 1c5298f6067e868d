#include "fetchers/market/io/script_server.hpp"

#include <utility>

namespace assay::fetchers::market {

class ScriptServer::Impl {
 public:
  Impl(Script script, std::function<void(std::string_view)> heard)
      : script_(std::move(script)), heard_(std::move(heard)) {}

  Done open(const PkiFiles& pki) {
    TlsServerSettings settings;
    settings.certificate_file = pki.certificate_file;
    settings.key_file = pki.key_file;
    TlsServerEvents events;
    events.on_request = [this](const HttpQuery& query) { return answer(query); };
    events.on_upgrade = [this](const std::string& target) {
      HttpReply reply;
      reply.status = find(target) == nullptr ? 404 : 101;
      return reply;
    };
    events.on_open = [this](SocketId id, const std::string& target) { opened(id, target); };
    events.on_text = [this](SocketId id, std::string_view text) { told(id, text); };
    events.on_close = [this](SocketId id) { players_.erase(id); };
    auto listening = TlsServer::listen(settings, std::move(events));
    if (!listening) return listening.error();
    server_ = std::move(*listening);
    return Ok{};
  }

  TlsServer& server() { return *server_; }
  const TlsServer& server() const { return *server_; }

 private:
  struct Player {
    const ScriptStream* stream;
    std::size_t next = 0;
    bool begun = false;
  };

  const ScriptStream* find(const std::string& target) const {
    auto found = script_.streams.find(target);
    if (found == script_.streams.end()) found = script_.streams.find(target.substr(0, target.find('?')));
    return found == script_.streams.end() ? nullptr : &found->second;
  }

  HttpReply answer(const HttpQuery& query) const {
    if (script_.asked) script_.asked(query);
    const auto found =
        script_.bodies.find(query.method == "POST" ? "POST " + query.target + " " + query.body : query.target);
    if (found != script_.bodies.end()) return found->second;
    HttpReply missing;
    missing.status = 404;
    missing.body = "not in the script: " + query.target;
    return missing;
  }

  void opened(SocketId id, const std::string& target) {
    Player& player = players_[id];
    player.stream = find(target);
    if (!player.stream->after_first_text) begin(id, player);
  }

  void told(SocketId id, std::string_view text) {
    if (heard_) heard_(text);
    const auto found = players_.find(id);
    if (found != players_.end() && !found->second.begun) begin(id, found->second);
  }

  void begin(SocketId id, Player& player) {
    player.begun = true;
    play(id, Micros{});
  }

  /// Sends what is due at `offset` and comes back for the rest.
  void play(SocketId id, Micros offset) {
    const auto found = players_.find(id);
    if (found == players_.end()) return;
    Player& player = found->second;
    const auto& frames = player.stream->frames;
    while (player.next < frames.size() && frames[player.next].offset <= offset) {
      server_->send(id, SocketMessage{frames[player.next].text, frames[player.next].opcode});
      ++player.next;
    }
    if (player.next < frames.size()) {
      const Micros due = frames[player.next].offset;
      return server_->after(Micros{due.value - offset.value}, [this, id, due] { play(id, due); });
    }
    finish(id, player.stream->end);
  }

  void finish(SocketId id, ScriptEnd end) {
    switch (end) {
      case ScriptEnd::stay:
        return;
      case ScriptEnd::close:
        return server_->close(id);
      case ScriptEnd::cut:
        return server_->drop(id);
    }
  }

  const Script script_;
  const std::function<void(std::string_view)> heard_;
  std::map<SocketId, Player> players_;
  std::unique_ptr<TlsServer> server_;
};

Result<std::unique_ptr<ScriptServer>> ScriptServer::listen(const PkiFiles& pki, Script script,
                                                           std::function<void(std::string_view text)> heard) {
  auto impl = std::make_unique<Impl>(std::move(script), std::move(heard));
  if (const Done opened = impl->open(pki); !opened) return opened.error();
  return std::unique_ptr<ScriptServer>(new ScriptServer(std::move(impl)));
}

ScriptServer::ScriptServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ScriptServer::~ScriptServer() = default;
std::uint16_t ScriptServer::port() const {
  return impl_->server().port();
}
void ScriptServer::run() {
  impl_->server().run();
}
void ScriptServer::stop() {
  impl_->server().stop();
}

}  // namespace assay::fetchers::market
