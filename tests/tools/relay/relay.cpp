// A relay of TCP connections on loopback whose links can be slowed, frozen and cut: what lies between members in
// the tests of real processes and in the latency bench. One thread; told what to do by lines on stdin, each answered by
// one line on stdout; ends with its stdin.
//   pair NAME PORT             listens, carries to 127.0.0.1:PORT        answers   NAME LISTEN_PORT
//   delay NAME WAY MICROS      bytes of this way arrive so much later                ok
//   hold NAME WAY              bytes of this way wait, the connection stays: half open      ok
//   flow NAME WAY              ... and arrive after all                                   ok
//   cut NAME                   resets the pair's connections and those to come              ok
//   mend NAME                  lets them be made again                                       ok
//   count                      how many bytes went through so far                     answers   BYTES
// NAME may be *, WAY is there (as dialled), back or both.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t read_size = 64U << 10;
constexpr std::size_t queued_max = 4U << 20;  ///< per way; beyond it the sender waits

/// One way of a pair, for all of its connections.
struct Way {
  std::chrono::microseconds delay{0};
  bool held = false;
  std::uint64_t carried = 0;  ///< bytes
};

class Connection;

/// Carries the bytes of one way of one connection.
class Pipe {
 public:
  Pipe(asio::io_context& loop, tcp::socket& source, tcp::socket& sink, Way& way)
      : source_(source), sink_(sink), way_(way), timer_(loop) {}

  void start(std::shared_ptr<Connection> whole) { read(std::move(whole)); }
  void poke() { timer_.cancel(); }  ///< the way has changed

 private:
  struct Chunk {
    Clock::time_point due;
    std::vector<char> bytes;
  };
  void read(std::shared_ptr<Connection> whole);
  void write(std::shared_ptr<Connection> whole);

  tcp::socket& source_;
  tcp::socket& sink_;
  Way& way_;
  asio::steady_timer timer_;
  std::array<char, read_size> buffer_{};
  std::deque<Chunk> chunks_;
  std::size_t queued_ = 0;
  bool reading_ = false;
  bool writing_ = false;
};

struct Pair {
  Pair(asio::io_context& loop, std::uint16_t to)
      : acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), target(to) {}
  tcp::acceptor acceptor;
  std::uint16_t target;
  Way there;
  Way back;
  bool is_cut = false;
  std::vector<std::weak_ptr<Connection>> connections;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::io_context& loop, tcp::socket dialler, Pair& pair)
      : dialler_(std::move(dialler)),
        target_(loop),
        there_(loop, dialler_, target_, pair.there),
        back_(loop, target_, dialler_, pair.back) {}

  void start(std::uint16_t port) {
    target_.async_connect({asio::ip::address_v4::loopback(), port}, [self = shared_from_this()](error_code ec) {
      if (ec) return self->end();
      for (tcp::socket* socket : {&self->dialler_, &self->target_}) socket->set_option(tcp::no_delay(true), ec);
      self->there_.start(self);
      self->back_.start(self);
    });
  }
  void poke() {
    there_.poke();
    back_.poke();
  }
  /// With a reset, as a link that breaks: nobody is told goodbye.
  void end() {
    for (tcp::socket* socket : {&dialler_, &target_}) {
      error_code ignored;
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
    poke();
  }

 private:
  tcp::socket dialler_;
  tcp::socket target_;
  Pipe there_;
  Pipe back_;
};

void Pipe::read(std::shared_ptr<Connection> whole) {
  if (reading_ || queued_ > queued_max) return;
  reading_ = true;
  source_.async_read_some(asio::buffer(buffer_), [this, whole](error_code ec, std::size_t size) {
    reading_ = false;
    if (ec) return whole->end();
    chunks_.push_back({Clock::now() + way_.delay, {buffer_.data(), buffer_.data() + size}});
    queued_ += size;
    write(whole);
    read(whole);
  });
}

void Pipe::write(std::shared_ptr<Connection> whole) {
  if (writing_ || chunks_.empty()) return;
  writing_ = true;
  const Chunk& first = chunks_.front();
  if (way_.held || first.due > Clock::now()) {
    timer_.expires_at(way_.held ? Clock::time_point::max() : first.due);
    return timer_.async_wait([this, whole](error_code) {
      writing_ = false;
      if (sink_.is_open()) write(whole);
    });
  }
  asio::async_write(sink_, asio::buffer(first.bytes), [this, whole](error_code ec, std::size_t size) {
    writing_ = false;
    if (ec) return whole->end();
    queued_ -= size;
    way_.carried += size;
    chunks_.pop_front();
    write(whole);
    read(whole);
  });
}

class Relay {
 public:
  explicit Relay(asio::io_context& loop) : loop_(loop), input_(loop, 0) { listen(); }

 private:
  void listen() {
    asio::async_read_until(input_, line_, '\n', [this](error_code ec, std::size_t) {
      if (ec) return loop_.stop();
      std::istream stream(&line_);
      std::string text;
      std::getline(stream, text);
      std::cout << obey(text) << std::endl;
      listen();
    });
  }

  std::string obey(const std::string& text) {
    std::istringstream words(text);
    std::string what;
    std::string name;
    words >> what >> name;
    if (what == "pair") {
      std::uint16_t port = 0;
      words >> port;
      return name + " " + std::to_string(add(name, port));
    }
    if (what == "count") {
      std::uint64_t carried = 0;
      for (const auto& [known, pair] : pairs_) carried += pair->there.carried + pair->back.carried;
      return std::to_string(carried);
    }
    std::string way;
    std::int64_t delay = 0;
    words >> way >> delay;
    for (auto& [known, pair] : pairs_) {
      if (name == "*" || name == known) change(*pair, what, way, std::chrono::microseconds(delay));
    }
    return "ok";
  }

  std::uint16_t add(const std::string& name, std::uint16_t port) {
    auto& pair = pairs_[name] = std::make_unique<Pair>(loop_, port);
    accept(*pair);
    return pair->acceptor.local_endpoint().port();
  }

  void accept(Pair& pair) {
    pair.acceptor.async_accept([this, &pair](error_code ec, tcp::socket socket) {
      if (ec) return;
      auto connection = std::make_shared<Connection>(loop_, std::move(socket), pair);
      std::erase_if(pair.connections, [](const auto& one) { return one.expired(); });
      pair.connections.push_back(connection);
      pair.is_cut ? connection->end() : connection->start(pair.target);
      accept(pair);
    });
  }

  static void change(Pair& pair, const std::string& what, const std::string& way, std::chrono::microseconds delay) {
    for (auto& [named, one] : {std::pair<std::string, Way*>{"there", &pair.there}, {"back", &pair.back}}) {
      if (way != named && way != "both") continue;
      if (what == "delay") one->delay = delay;
      if (what == "hold") one->held = true;
      if (what == "flow") one->held = false;
    }
    if (what == "cut") pair.is_cut = true;
    if (what == "mend") pair.is_cut = false;
    for (const auto& connection : pair.connections) {
      const auto alive = connection.lock();
      if (alive) pair.is_cut ? alive->end() : alive->poke();
    }
  }

  asio::io_context& loop_;
  asio::posix::stream_descriptor input_;
  asio::streambuf line_;
  std::map<std::string, std::unique_ptr<Pair>> pairs_;
};

}  // namespace

int main() {
  asio::io_context loop(1);
  Relay relay(loop);
  loop.run();
}
