#include "fetchers/tape.hpp"

#include <algorithm>
#include <charconv>

#include "core/bytes.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"

namespace assay::fetchers {

namespace {

constexpr std::string_view via_names[] = {"opened", "message", "body", "closed"};

std::string_view text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; });
}

template <class Number>
Result<Number> number_of(JsonValue value) {
  const std::string_view text = value.text();
  Number number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) {
    return Error{Errc::malformed, "a whole number"};
  }
  return number;
}

Result<Bytes> payload_of(JsonValue line) {
  if (const JsonValue packed = line["b64"]; packed.exists()) {
    return from_base64(packed.text(), payload_size_max);
  }
  const auto bytes = as_bytes(line["text"].text());
  return Bytes(bytes.begin(), bytes.end());
}

}  // namespace

std::string to_tape_line(const TapeEvent& event) {
  const std::string_view text = text_of(event.payload);
  const bool plain = is_plain(text);
  return R"({"wall_us":")" + std::to_string(event.at.wall.value) + R"(","mono_us":")" +
         std::to_string(event.at.mono.value) + R"(","venue":)" + json_string(event.venue) + R"(,"via":")" +
         std::string(via_names[static_cast<std::size_t>(event.via)]) + R"(","endpoint":)" +
         json_string(event.endpoint) +
         (event.connection == 0 ? "" : R"(,"stream":")" + std::to_string(event.connection) + "\"") +
         (plain ? R"(,"text":)" + json_string(text) : R"(,"b64":")" + to_base64(event.payload) + "\"") + "}";
}

Result<TapeEvent> from_tape_line(std::string_view line) {
  const auto document = JsonDocument::parse(as_bytes(line));
  if (!document) return document.error();
  const JsonValue root = document->root();
  const auto via = std::find(std::begin(via_names), std::end(via_names), root["via"].text());
  if (via == std::end(via_names) || !root["venue"].is_string() || !root["endpoint"].is_string()) {
    return Error{Errc::missing_field, "venue, via and endpoint of a tape's line"};
  }
  const auto wall = number_of<std::uint64_t>(root["wall_us"]);
  if (!wall) return wall.error();
  const auto mono = number_of<std::int64_t>(root["mono_us"]);
  if (!mono) return mono.error();
  const auto stream = root["stream"].exists() ? number_of<std::uint64_t>(root["stream"]) : Result<std::uint64_t>(0);
  if (!stream) return stream.error();
  auto payload = payload_of(root);
  if (!payload) return payload.error();
  return TapeEvent{.at = {.wall = WallTime{*wall}, .mono = MonoTime{*mono}},
                   .venue = std::string(root["venue"].text()),
                   .via = static_cast<TapeVia>(via - std::begin(via_names)),
                   .endpoint = std::string(root["endpoint"].text()),
                   .payload = *std::move(payload),
                   .connection = *stream};
}

std::optional<Parsed> read_event(const TapeEvent& event, Intake& intake) {
  switch (event.via) {
    case TapeVia::opened:
      intake.opened(event.connection);
      return std::nullopt;
    case TapeVia::closed:
      intake.closed(event.connection);
      return std::nullopt;
    case TapeVia::message:
      return intake.read_message(event.connection, event.payload, event.endpoint);
    case TapeVia::body:
      return intake.read_body(event.endpoint, event.payload);
  }
  return std::nullopt;
}

}  // namespace assay::fetchers
