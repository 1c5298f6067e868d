#include "fetchers/market/io/market_server.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "fetchers/market/board.hpp"
#include "fetchers/market/client_text.hpp"
#include "fetchers/market/dialogue.hpp"
#include "fetchers/market/io/gzip_frame.hpp"
#include "fetchers/market/io/tls_server.hpp"
#include "fetchers/market/limits.hpp"
#include "fetchers/market/order_text.hpp"
#include "fetchers/market/walk.hpp"

namespace assay::fetchers::market {
namespace {

constexpr Micros heartbeat_interval = millis(1000);
constexpr std::size_t topics_max = 1024;

/// One venue: its board, its dialect, its trouble.
struct Stall {
  std::string name;
  const Dialogue* dialogue;
  Board board;
  Toll toll;
  Fault fault;
};

/// One client's WebSocket.
struct Client {
  Stall* stall;
  std::string target;  ///< without the venue's prefix
  std::vector<Topic> topics;
  Toll::Frames sent;               ///< by the client
  std::uint64_t serial = 0;        ///< numbered frames so far
  std::uint64_t frames = 0;        ///< all of them
  std::deque<SocketMessage> late;  ///< said, but not to be sent yet
};

std::vector<WalkAsset> assets_with(const std::vector<Pair>& pairs, const std::vector<WalkAsset>& own) {
  std::vector<WalkAsset> assets = assets_of(pairs);
  for (const WalkAsset& asset : own) {
    const auto same = std::find_if(assets.begin(), assets.end(), [&](const auto& a) { return a.name == asset.name; });
    if (same != assets.end()) *same = asset;
  }
  return assets;
}

Scenario scenario_of(const MarketSettings& settings) {
  Scenario scenario;
  scenario.events = settings.events;
  scenario.period = settings.period;
  return scenario;
}

/// How many bytes a second one each `delay` is; at least one.
std::size_t bytes_a_second(Micros delay) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1'000'000 / std::max<std::int64_t>(delay.value, 1), 1));
}

HttpReply json_reply(unsigned status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

}  // namespace

class MarketServer::Impl {
 public:
  Impl(const MarketSettings& settings, const std::vector<Pair>& pairs)
      : settings_(settings), walk_(settings.seed, assets_with(pairs, settings.assets)), player_(scenario_of(settings)) {
    for (const std::string_view venue : market_venues()) {
      const std::uint64_t seed = board_seed(settings.seed, stalls_.size());
      stalls_.push_back(Stall{std::string(venue), find_dialogue(venue), Board(seed, pairs, {}), Toll(venue), {}});
      tallies_.push_back({.venue = std::string(venue)});
    }
  }

  Done open() {
    PkiSettings pki;
    pki.folder = settings_.pki_folder;
    auto files = make_demo_pki(pki);
    if (!files) return files.error();
    pki_ = *files;
    TlsServerSettings server;
    server.certificate_file = pki_.certificate_file;
    server.key_file = pki_.key_file;
    server.port = settings_.port;
    TlsServerEvents events;
    events.on_request = [this](const HttpQuery& query) { return answer(query); };
    events.on_upgrade = [this](const std::string& target) { return upgrade(target); };
    events.on_open = [this](SocketId id, const std::string& target) { opened(id, target); };
    events.on_text = [this](SocketId id, std::string_view text) { heard(id, text); };
    events.on_close = [this](SocketId id) { clients_.erase(id); };
    auto listening = TlsServer::listen(server, std::move(events));
    if (!listening) return listening.error();
    server_ = std::move(*listening);
    started_ = settings_.clock();
    step_boards();
    server_->after(settings_.push_interval, [this] { tick(); });
    server_->after(heartbeat_interval, [this] { beat(); });
    return Ok{};
  }

  bool set_fault(std::string_view venue, Fault fault) {
    Stall* stall = find(venue);
    if (stall != nullptr) server_->post([this, stall, fault] { apply(*stall, fault); });
    return stall != nullptr;
  }

  std::vector<Tally> tallies() const {
    const std::lock_guard lock(mutex_);
    return tallies_;
  }

  TlsServer& server() { return *server_; }
  const TlsServer& server() const { return *server_; }
  const PkiFiles& pki() const { return pki_; }

 private:
  Stall* find(std::string_view venue) {
    const auto found = std::find_if(stalls_.begin(), stalls_.end(), [&](const Stall& s) { return s.name == venue; });
    return found == stalls_.end() ? nullptr : &*found;
  }

  /// "/kraken/v2" -> the stall and "/v2".
  std::pair<Stall*, std::string> route(std::string_view target) {
    if (!target.starts_with('/')) return {nullptr, {}};
    const std::size_t end = target.find_first_of("/?", 1);
    Stall* stall = find(target.substr(1, end == std::string_view::npos ? end : end - 1));
    return {stall, end == std::string_view::npos ? std::string{} : std::string(target.substr(end))};
  }

  HttpReply answer(const HttpQuery& query) {
    if (query.target == "/control") {
      return query.method == "POST" ? control(query.body) : json_reply(405, R"({"error":"POST only"})");
    }
    if (query.target == "/") return json_reply(200, listing());
    const auto [stall, target] = route(query.target);
    if (stall == nullptr) return json_reply(404, R"({"error":"no such venue"})");
    if (auto refusal = refused(stall->fault)) return *refusal;
    const std::string request = query.body.empty() ? target : target + " " + query.body;
    if (settings_.limits) {
      const auto much = stall->toll.ask(settings_.clock(), request);
      count(*stall);
      if (much) return too_much(*much);
    }
    const RestAnswer rest = query.method == "POST"
                                ? stall->dialogue->post(target, query.body, stall->board, settings_.clock())
                                : stall->dialogue->rest(target, stall->board, settings_.clock());
    HttpReply reply = json_reply(rest.status, faulty_message(rest.body, stall->fault));
    if (!rest.content_type.empty()) reply.content_type = rest.content_type;
    const FaultKind kind = stall->fault.kind;
    if (kind == FaultKind::late || kind == FaultKind::silent) reply.delay = stall->fault.delay;
    if (kind == FaultKind::slow) reply.trickle = stall->fault.delay;
    if (kind == FaultKind::drip) reply.drip = bytes_a_second(stall->fault.delay);
    return reply;
  }

  /// What a venue in trouble says to every request; none when it answers.
  static std::optional<HttpReply> refused(const Fault& fault) {
    if (fault.kind == FaultKind::outage) return json_reply(503, "upstream unavailable");
    if (fault.kind != FaultKind::rate_limited && fault.kind != FaultKind::banned) return std::nullopt;
    return too_much({.status = fault.kind == FaultKind::banned ? 418U : 429U, .retry_after_s = fault.retry_after_s});
  }

  /// For tallies(), which any thread may ask.
  void count(const Stall& stall) {
    const std::lock_guard lock(mutex_);
    Tally& tally = tallies_[static_cast<std::size_t>(&stall - stalls_.data())];
    tally.asked = stall.toll.asked();
    tally.refused = stall.toll.refused();
  }

  static HttpReply too_much(const TooMuch& much) {
    HttpReply reply = json_reply(much.status, R"({"error":"too many requests"})");
    reply.headers.emplace_back("Retry-After", std::to_string(much.retry_after_s));
    return reply;
  }

  HttpReply control(std::string_view body) {
    const auto order = read_order(body);
    if (!order) return json_reply(400, "{\"error\":" + quoted(order.error().detail) + "}");
    if (!carry_out(*order))
      return json_reply(400, R"({"error":"venue: one of those that GET / lists, or * for all; asset: one of a pair"})");
    const auto* fault = std::get_if<FaultOrder>(&*order);
    if (fault != nullptr && fault->fault.kind == FaultKind::none && fault->fault.symbol.empty()) {
      for (Stall* stall : chosen_by(fault->venue)) set_free(*stall, "*");
    }
    return json_reply(200, R"({"ok":true})");
  }

  std::vector<Stall*> chosen_by(std::string_view venue) {
    std::vector<Stall*> chosen;
    for (Stall& stall : stalls_) {
      if (venue == "*" || venue == stall.name) chosen.push_back(&stall);
    }
    return chosen;
  }

  /// False for a venue or an asset that is not here.
  bool carry_out(const Order& order) {
    if (const auto* move = std::get_if<MoveOrder>(&order)) {
      const auto steps = move->over.value / std::max<std::int64_t>(settings_.push_interval.value, 1);
      return walk_.shift(move->asset, move->factor_e6, static_cast<std::uint64_t>(std::max<std::int64_t>(steps, 1)));
    }
    const auto& fault = std::get<FaultOrder>(order);
    const auto chosen = chosen_by(fault.venue);
    for (Stall* stall : chosen) apply(*stall, fault.fault);
    return !chosen.empty();
  }

  std::string listing() const {
    std::string text = "{\"venues\":[";
    for (const Stall& stall : stalls_) {
      if (text.back() == '}') text += ',';
      text += "{\"venue\":" + quoted(stall.name) + ",\"fault\":" + quoted(name(stall.fault.kind)) +
              ",\"asked\":" + std::to_string(stall.toll.asked()) +
              ",\"refused\":" + std::to_string(stall.toll.refused()) + "}";
    }
    return text + "]}";
  }

  static void set_free(Stall& stall, std::string_view symbol) {
    stall.board.relist(symbol);
    stall.board.resume(symbol);
  }

  void apply(Stall& stall, const Fault& fault) {
    if (fault.kind == FaultKind::none && !fault.symbol.empty()) return set_free(stall, fault.symbol);
    if (concerns_instruments(fault.kind)) {
      fault.kind == FaultKind::halt ? stall.board.halt(fault.symbol) : stall.board.delist(fault.symbol);
      return;
    }
    stall.fault = fault;
    if (fault.kind != FaultKind::outage) return;
    for (const auto& [id, client] : clients_) {
      if (client.stall == &stall) server_->cut(id);
    }
  }

  HttpReply upgrade(const std::string& full_target) {
    const auto [stall, target] = route(full_target);
    if (stall == nullptr || !stall->dialogue->serves(target)) return json_reply(404, "");
    if (auto refusal = refused(stall->fault)) return *refusal;
    if (!settings_.limits) return json_reply(101, "");
    const auto much = stall->toll.connect(settings_.clock());
    count(*stall);
    return much ? too_much(*much) : json_reply(101, "");
  }

  void opened(SocketId id, const std::string& full_target) {
    const auto [stall, target] = route(full_target);
    const auto added = clients_.emplace(id, Client{stall, target, {}, {}, 0, 0, {}});
    follow(id, added.first->second, stall->dialogue->greet(target, stall->board.pairs()));
  }

  void heard(SocketId id, std::string_view text) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return;
    Client& client = found->second;
    if (settings_.limits && !client.stall->toll.hear(settings_.clock(), client.sent)) {
      count(*client.stall);
      return server_->cut(id);
    }
    follow(id, client, client.stall->dialogue->hear(text, client.stall->board.pairs(), settings_.clock()));
  }

  void follow(SocketId id, Client& client, Answer answer) {
    for (std::string& frame : answer.frames) say(id, client, std::move(frame));
    for (const Topic& topic : answer.drop) std::erase(client.topics, topic);
    for (Topic& topic : answer.add) {
      if (client.topics.size() >= topics_max) break;
      if (std::find(client.topics.begin(), client.topics.end(), topic) != client.topics.end()) continue;
      say(id, client, client.stall->dialogue->push(topic, client.target, client.stall->board, Push::snapshot));
      client.topics.push_back(std::move(topic));
    }
  }

  void say(SocketId id, Client& client, std::string frame) {
    const Fault& fault = client.stall->fault;
    if (frame.empty() || fault.kind == FaultKind::silent) return;
    frame = numbered(std::move(frame), client.serial);
    if (++client.frames % 10 == 0 && fault.kind == FaultKind::gap) return;
    SocketMessage message;
    const Form form = client.stall->dialogue->form(frame);
    message.bytes = faulty_message(form == Form::gzip ? gzipped(frame) : std::move(frame), fault);
    message.opcode = form == Form::text ? Opcode::text : Opcode::binary;
    if (fault.kind == FaultKind::slow) message.trickle = fault.delay;
    if (fault.kind == FaultKind::drip) message.drip = bytes_a_second(fault.delay);
    if (fault.kind != FaultKind::late) return server_->send(id, std::move(message));
    if (client.late.size() >= TlsServer::send_queue_max) return;
    client.late.push_back(std::move(message));
    server_->after(fault.delay, [this, id] {
      const auto found = clients_.find(id);  // each call sends the oldest, whichever timer was first
      if (found == clients_.end() || found->second.late.empty()) return;
      server_->send(id, std::move(found->second.late.front()));
      found->second.late.pop_front();
    });
  }

  void step_boards() {
    for (const Order& order : player_.due(settings_.clock() - started_)) carry_out(order);
    walk_.step();
    for (Stall& stall : stalls_) stall.board.step(walk_, stall.fault, settings_.clock());
  }

  void tick() {
    step_boards();
    for (auto& [id, client] : clients_) {
      for (const Topic& topic : client.topics) {
        say(id, client, client.stall->dialogue->push(topic, client.target, client.stall->board, Push::update));
      }
    }
    server_->after(settings_.push_interval, [this] { tick(); });
  }

  void beat() {
    for (auto& [id, client] : clients_) {
      for (std::string& frame :
           client.stall->dialogue->heartbeat(client.topics, client.stall->board, settings_.clock())) {
        say(id, client, std::move(frame));
      }
    }
    server_->after(heartbeat_interval, [this] { beat(); });
  }

  const MarketSettings settings_;
  PkiFiles pki_;
  Walk walk_;
  ScenarioPlayer player_;
  WallTime started_;
  mutable std::mutex mutex_;    ///< guards tallies_
  std::vector<Tally> tallies_;  ///< by stall
  std::vector<Stall> stalls_;   ///< in the order of market_venues(); never grows after the constructor
  std::map<SocketId, Client> clients_;
  std::unique_ptr<TlsServer> server_;
};

Result<std::unique_ptr<MarketServer>> MarketServer::listen(const MarketSettings& settings) {
  std::vector<Pair> pairs;
  for (const std::string& symbol : settings.symbols) {
    pairs.push_back(pair_of(symbol));
    if (pairs.back().base.empty()) return Error{Errc::bad_number, "a market symbol is spelled like BTC/USD"};
  }
  auto impl = std::make_unique<Impl>(settings, pairs);
  if (const Done opened = impl->open(); !opened) return opened.error();
  return std::unique_ptr<MarketServer>(new MarketServer(std::move(impl)));
}

MarketServer::MarketServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MarketServer::~MarketServer() = default;

std::uint16_t MarketServer::port() const {
  return impl_->server().port();
}
std::string MarketServer::rest_url(std::string_view venue) const {
  return "https://localhost:" + std::to_string(port()) + "/" + std::string(venue);
}
std::string MarketServer::ws_url(std::string_view venue) const {
  return "wss://localhost:" + std::to_string(port()) + "/" + std::string(venue);
}
const PkiFiles& MarketServer::pki() const {
  return impl_->pki();
}
std::vector<Tally> MarketServer::tallies() const {
  return impl_->tallies();
}
bool MarketServer::set_fault(std::string_view venue, Fault fault) {
  return impl_->set_fault(venue, fault);
}
void MarketServer::run() {
  impl_->server().run();
}
void MarketServer::stop() {
  impl_->server().stop();
}

}  // namespace assay::fetchers::market
