// Every recorded body and frame of every venue, sent over local TLS to the real fetchers: what they hand on is what the
// adapter makes of the file. (What that should be is the business of fixtures_test.) The recordings lie beside the
// project and are no part of it: without them these tests say that they skip.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "core/bytes.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "fetchers/market/io/gzip_frame.hpp"
#include "fetchers/market/io/script_server.hpp"
#include "fetchers/parse_lines.hpp"
#include "fetchers/quote_lines.hpp"
#include "fetchers/venue.hpp"
#include "tests/unit/fetchers/fixture_text.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

/// One recorded payload, and how it was asked for.
struct Payload {
  std::string endpoint;  ///< of a body; the URL of a frame
  std::string symbol;    ///< noted beside a body
  std::string bytes;
  market::Opcode opcode = market::Opcode::text;
};

struct Payloads {
  std::vector<Payload> bodies;
  std::vector<Payload> frames;
};

bool is_recorded(JsonValue entry) {
  return entry["provenance"].text().starts_with("recorded") && entry["dir"].text() != "out";
}

Payload frame_of(JsonValue entry) {
  Payload frame{.endpoint = std::string(entry["url"].text()), .symbol = {}, .bytes = {}};
  if (entry["frame_b64"].is_string()) {  // as it came: packed
    const Bytes packed = from_base64(entry["frame_b64"].text(), payload_size_max).value();
    frame.bytes.assign(packed.begin(), packed.end());
    frame.opcode = market::Opcode::binary;
  } else {
    frame.bytes = entry["message"].is_string() ? std::string(entry["message"].text()) : json_of(entry["message"]);
  }
  return frame;
}

Payloads payloads_of(const std::string& venue) {
  Payloads out;
  auto document = JsonDocument::parse(as_bytes(file_text(fixtures_folder() / (venue + ".json"))));
  if (!document) return out;
  for (const JsonValue entry : document->root()["rest"]) {
    if (!is_recorded(entry)) continue;
    out.bodies.push_back({.endpoint = std::string(entry["endpoint"].text()),
                          .symbol = noted_symbol(entry),
                          .bytes = file_text(fixtures_folder() / entry["raw_file"].text())});
  }
  for (const JsonValue entry : document->root()["ws"]) {
    if (is_recorded(entry)) out.frames.push_back(frame_of(entry));
  }
  return out;
}

/// A venue's adapter that asks for recorded payloads by number and reads each as what it was recorded as. Only quotes
/// go on to the feed, and without their times: recordings are of many years, and one answer of a venue that asks us to
/// slow down would end the rest.
class Replaying final : public Adapter {
 public:
  Replaying(const Adapter& real, const Payloads& payloads, Diary<std::string>& lines)
      : real_(real), payloads_(payloads), lines_(lines) {}

  std::string_view venue() const override { return real_.venue(); }
  std::string_view rest_base() const override { return ""; }
  std::string_view ws_base() const override { return ""; }
  Micros silence_max() const override { return millis(60'000); }
  PingRule ping() const override { return {}; }
  Subscription subscribe(std::span<const std::string> /*symbols*/) const override { return {"/frames", {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> /*symbols*/) const override {
    std::vector<std::string> targets;
    for (std::size_t i = 0; i < payloads_.bodies.size(); ++i) targets.push_back("/" + std::to_string(i));
    return targets;
  }
  Parsed parse_rest(std::string_view endpoint, ByteSpan body, std::string_view /*symbol*/) const override {
    const std::size_t index = std::stoul(std::string(endpoint.substr(1)));
    const Payload& payload = payloads_.bodies.at(index);
    return told("body " + std::to_string(index), real_.parse_rest(payload.endpoint, body, payload.symbol));
  }
  Parsed parse_ws(ByteSpan frame, std::string_view /*path*/) const override {
    const std::size_t index = frames_++;  // one connection, one thread, in order
    return told("frame " + std::to_string(index), real_.parse_ws(frame, payloads_.frames.at(index).endpoint));
  }

 private:
  Parsed told(const std::string& what, const Parsed& parsed) const {
    Parsed quotes;
    for (const std::string& line : to_json_lines(real_.venue(), parsed)) lines_.add(what + " " + line);
    for (const ParsedItem& item : parsed.items) {
      const auto* quote = std::get_if<ParsedQuote>(&item);
      if (quote == nullptr || quote->kind == QuoteKind::candle) continue;
      ParsedQuote timeless = *quote;
      timeless.venue_time.reset();
      quotes.items.emplace_back(std::move(timeless));
    }
    return quotes;
  }

  const Adapter& real_;
  const Payloads& payloads_;
  Diary<std::string>& lines_;
  mutable std::size_t frames_ = 0;
};

/// What the files say, read without any socket.
struct Expected {
  std::vector<std::string> lines;
  std::set<std::string> symbols;
  std::size_t quotes = 0;  ///< that a sink gets
};

void expect(Expected& out, const Adapter& adapter, const std::string& what, const Parsed& parsed) {
  for (const std::string& line : to_json_lines(adapter.venue(), parsed)) out.lines.push_back(what + " " + line);
  for (const ParsedItem& item : parsed.items) {
    const auto* quote = std::get_if<ParsedQuote>(&item);
    if (quote == nullptr || quote->kind == QuoteKind::candle) continue;
    out.symbols.insert(quote->symbol);
    out.quotes += to_quote(adapter.venue(), *quote, WallTime{1}, MonoTime{1}) ? 1 : 0;
  }
}

Expected expected_of(const Adapter& adapter, const Payloads& payloads) {
  Expected out;
  for (std::size_t i = 0; i < payloads.bodies.size(); ++i) {
    const Payload& body = payloads.bodies[i];
    expect(out, adapter, "body " + std::to_string(i),
           adapter.parse_rest(body.endpoint, as_bytes(body.bytes), body.symbol));
  }
  for (std::size_t i = 0; i < payloads.frames.size(); ++i) {
    const Payload& frame = payloads.frames[i];
    expect(out, adapter, "frame " + std::to_string(i), adapter.parse_ws(as_bytes(frame.bytes), frame.endpoint));
  }
  return out;
}

/// Every other body packed, as servers do for whoever takes it.
market::Script script_of(const Payloads& payloads) {
  market::Script script;
  for (std::size_t i = 0; i < payloads.bodies.size(); ++i) {
    market::HttpReply reply;
    reply.body = payloads.bodies[i].bytes;
    if (i % 2 == 1) {
      reply.body = market::gzipped(reply.body);
      reply.headers.emplace_back("Content-Encoding", "gzip");
    }
    script.bodies["/" + std::to_string(i)] = std::move(reply);
  }
  auto& stream = script.streams["/frames"];
  for (const Payload& frame : payloads.frames) stream.frames.push_back({{}, frame.bytes, frame.opcode});
  return script;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

class RecordedPayloads : public ::testing::TestWithParam<const char*> {};

TEST_P(RecordedPayloads, say_through_sockets_what_they_say_in_their_files) {
  const std::string venue = GetParam();
  if (!std::filesystem::exists(fixtures_folder()))
    GTEST_SKIP() << "no recordings at " << fixtures_folder() << ": set ASSAY_SHARED to the folder that holds fixtures/";
  const Payloads payloads = payloads_of(venue);
  const std::size_t count = payloads.bodies.size() + payloads.frames.size();
  ASSERT_GT(count, 0U);
  const Adapter& adapter = *find_adapter(venue);
  const Expected expected = expected_of(adapter, payloads);

  Folder folder;
  const market::PkiFiles files = pki_in(folder);
  auto server = market::ScriptServer::listen(files, script_of(payloads), {});
  ASSERT_TRUE(server);
  const Lent serving(**server);
  SeededEntropy entropy;
  Diary<std::string> lines;
  Diary<Quote> quotes;
  VenueFeedSettings settings;
  settings.venue = "recorded_" + venue;  // not its own name: its limits would make this last for minutes
  settings.adapter = std::make_shared<Replaying>(adapter, payloads, lines);
  settings.symbols = {expected.symbols.begin(), expected.symbols.end()};
  settings.rest_url = "https://localhost:" + std::to_string((*server)->port());
  settings.ws_url = "wss://localhost:" + std::to_string((*server)->port());
  settings.ca_file = files.ca_file;
  settings.transport = payloads.frames.empty()   ? Transport::polls
                       : payloads.bodies.empty() ? Transport::streams
                                                 : Transport::both;
  settings.poll_interval = millis(3'600'000);
  VenueFeeds feeds(
      std::vector{settings}, Clocks{mono_now, wall_now}, entropy,
      [&](Quote quote) {
        if (is_price(quote)) quotes.add(std::move(quote));  // else it takes back what was said
      },
      [](const VenueNote&) {});
  const Lent streaming([&] { feeds.run_streams(); }, [&] { feeds.stop(); });
  const Lent polling([&] { feeds.run_pollers(); }, [&] { feeds.stop(); });

  EXPECT_TRUE(lines.reaches(expected.lines.size())) << lines.items().size() << " of " << expected.lines.size();
  EXPECT_TRUE(quotes.reaches(expected.quotes)) << quotes.items().size() << " of " << expected.quotes;
  EXPECT_EQ(sorted(lines.items()), sorted(expected.lines));
  EXPECT_EQ(quotes.items().size(), expected.quotes);
  std::cout << venue << ": " << payloads.bodies.size() << " bodies, " << payloads.frames.size() << " frames, "
            << expected.lines.size() << " lines and " << expected.quotes << " quotes compared\n";
}

INSTANTIATE_TEST_SUITE_P(Of, RecordedPayloads, recorded_venues(),
                         [](const auto& venue) { return std::string(venue.param); });

}  // namespace
}  // namespace assay::fetchers::testing
