#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <set>
#include <system_error>

#include "config/described_venue.hpp"
#include "config/files.hpp"
#include "config/load.hpp"
#include "config/scalars.hpp"

namespace assay::config {
namespace {

constexpr std::size_t path_length_max = 4096;
constexpr std::size_t url_length_max = 2048;
constexpr std::int64_t member_max = 30;

std::string optional_text(Section& section, std::string_view key, std::size_t length_max, std::string otherwise) {
  return section.has(key) ? section.text(key, length_max) : std::move(otherwise);
}

std::string address(Section& section, std::string_view key, std::string otherwise) {
  std::string value = optional_text(section, key, 256, std::move(otherwise));
  if (!value.empty() && !is_address(value)) section.complain(key, "expected host:port, got " + shown(value));
  return value;
}

/// A base URL of one of these schemes; empty when it is not given.
std::string base_url(Section& section, std::string_view key, std::initializer_list<std::string_view> schemes) {
  std::string value = optional_text(section, key, url_length_max, "");
  std::string wanted;
  for (const std::string_view scheme : schemes) {
    if (value.starts_with(scheme)) return value;
    wanted.append(wanted.empty() ? "" : " or ").append(scheme).append("HOST");
  }
  if (!value.empty()) section.complain(key, "expected " + wanted + ", got " + shown(value));
  return value;
}

/// A file that TLS will be asked to trust: found wanting now, not when the first connection fails.
std::filesystem::path trusted_roots(Section& section, std::string_view key, const std::string& file) {
  std::filesystem::path path = beside(file, optional_text(section, key, path_length_max, ""));
  std::error_code failed;
  const bool readable = path.empty() || (std::filesystem::is_regular_file(path, failed) && std::ifstream(path).good());
  if (!readable) section.complain(key, "expected a readable file of PEM certificates, got " + shown(path.string()));
  return path;
}

std::vector<PeerAddress> read_peers(Section& root, MemberIndex me) {
  std::vector<PeerAddress> out;
  std::set<std::uint16_t> seen{me.value};
  for (Section& part : root.sections("peers", {0, member_max})) {
    const MemberIndex member{static_cast<std::uint16_t>(part.integer("member", {0, member_max}))};
    if (part.good({"member"}) && !seen.insert(member.value).second) {
      part.complain("member", "expected each other member once, got " + std::to_string(member.value));
    }
    const std::string where = part.text("address", 256);
    if (!is_address(where)) part.complain("address", "expected host:port, got " + shown(where));
    part.finish();
    out.push_back(PeerAddress{member, where});
  }
  std::sort(out.begin(), out.end(), [](const PeerAddress& a, const PeerAddress& b) { return a.member < b.member; });
  return out;
}

/// The name of an environment variable; the key itself never stands in a file that people copy around.
std::string variable_name(Section& section, std::string_view key) {
  std::string value = optional_text(section, key, 128, "");
  const bool good = std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!good) section.complain(key, "expected the name of an environment variable that holds the key");
  return value;
}

/// none, environment (HTTPS_PROXY) or a URL; not given: no value. It may hold a password: an error does not repeat it.
std::optional<std::string> read_proxy(Section& section) {
  if (!section.has("proxy")) return std::nullopt;
  if (section.is_none("proxy")) return std::string{};
  std::string value = section.text("proxy", url_length_max);
  if (value != "environment" && !value.starts_with("http://")) {
    section.complain("proxy", "expected none, environment (the variable HTTPS_PROXY) or http://HOST:PORT");
  }
  return value;
}

std::vector<SymbolOverride> read_symbols(Section& venue) {
  std::vector<SymbolOverride> out;
  if (!venue.has("symbols")) return out;
  std::set<std::string> seen;
  for (Section& part : venue.sections("symbols", {1, 1024})) {
    out.push_back({.symbol = part.text("symbol", 64), .asked_as = part.text("asked_as", 64)});
    const bool first = seen.insert(out.back().symbol).second;
    if (!first) part.complain("symbol", "expected each symbol once, got " + shown(out.back().symbol) + " again");
    part.finish();
  }
  return out;
}

VenueSettings read_venue(Section& part, const std::string& file) {
  constexpr std::string_view transports[] = {"ws", "rest", "both"};
  VenueSettings out;
  out.venue = part.text("venue", 32);
  out.described = read_description(part, out.venue);
  out.pools = read_pools(part, out.venue);
  out.rest_url = base_url(part, "rest_url", {"https://"});
  out.ws_url = base_url(part, "ws_url", {"wss://", "ws://"});
  out.api_key_env = variable_name(part, "api_key_env");
  out.ca_file = trusted_roots(part, "ca_file", file);
  if (part.has("poll_interval_ms")) out.poll_interval = part.millis("poll_interval_ms", {10, 86'400'000});
  if (part.has("transport")) out.transport = static_cast<Transport>(part.choice("transport", transports));
  out.proxy = read_proxy(part);
  if (part.has("requests_per_minute")) {
    out.requests_per_minute = static_cast<std::uint32_t>(part.integer("requests_per_minute", {0, 1'000'000}));
  }
  out.symbols = read_symbols(part);
  part.finish();
  return out;
}

NodeSettings read_node(Section& root, Problems& problems) {
  NodeSettings out;
  out.member = MemberIndex{static_cast<std::uint16_t>(root.integer("member", {0, member_max}))};
  out.identity_key_file = beside(problems.file, root.text("identity_key_file", path_length_max));
  out.share_file = beside(problems.file, root.text("share_file", path_length_max));
  out.key_passphrase_file = beside(problems.file, optional_text(root, "key_passphrase_file", path_length_max, ""));
  out.key_file = beside(problems.file, optional_text(root, "key_file", path_length_max, ""));
  if (!out.key_passphrase_file.empty() && !out.key_file.empty()) {
    root.complain("key_file", "expected key_passphrase_file or key_file, not both");
  }
  out.data_dir = beside(problems.file, optional_text(root, "data_dir", path_length_max, "data"));
  out.peer_listen = address(root, "peer_listen", out.peer_listen);
  out.http_listen = address(root, "http_listen", out.http_listen);
  out.peers = read_peers(root, out.member);
  out.proxy = read_proxy(root).value_or("");
  if (root.has("venues")) {
    std::set<std::string> seen;
    for (Section& part : root.sections("venues", {0, 256})) {
      out.venues.push_back(read_venue(part, problems.file));
      const bool first = seen.insert(out.venues.back().venue).second;
      if (!first) part.complain("venue", "expected each venue once, got " + shown(out.venues.back().venue) + " again");
    }
  }
  if (root.has("postgres_url")) {
    out.postgres_url = root.text("postgres_url", url_length_max);
    const bool url = out.postgres_url->starts_with("postgresql://") || out.postgres_url->starts_with("postgres://");
    // The value may hold a password: an error does not repeat it.
    if (!url) root.complain("postgres_url", "expected postgresql://USER@HOST/DATABASE");
  }
  return out;
}

}  // namespace

Loaded<NodeSettings> parse_node(std::string_view text, const std::string& file_name) {
  return read_document<NodeSettings>(text, file_name, read_node);
}

Loaded<NodeSettings> load_node(const std::filesystem::path& file) {
  return read_file<NodeSettings>(file, parse_node);
}

}  // namespace assay::config
