#include "fetchers/endpoint.hpp"

#include <cstdint>

namespace assay::fetchers {

namespace {

/// "<id>", "{id}", "$id", ":id": written in documentation where a real request has a symbol.
bool is_placeholder(std::string_view text) {
  return text.find_first_of("<>{}$") != std::string_view::npos || text.starts_with(':');
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> usable(std::string_view raw) {
  std::string value = percent_decoded(raw);
  if (value.empty() || value.size() > 64 || is_placeholder(value)) {
    return std::nullopt;
  }
  for (const char c : value) {
    if (c <= ' ' || c > '~') {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Endpoint split_endpoint(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::size_t slash = text.find('/');
  if (space != std::string_view::npos && (slash == std::string_view::npos || space < slash)) {
    text.remove_prefix(space + 1);
  }
  Endpoint endpoint;
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos && scheme < text.find('?')) {
    text.remove_prefix(scheme + 3);
    endpoint.host = text.substr(0, text.find_first_of("/?"));
    text.remove_prefix(endpoint.host.size());
  }
  text = text.substr(0, text.find('#'));
  const std::size_t question = text.find('?');
  endpoint.path = text.substr(0, question);
  endpoint.query = question == std::string_view::npos ? std::string_view{} : text.substr(question + 1);
  return endpoint;
}

std::optional<std::string> query_value(const Endpoint& endpoint, std::string_view name) {
  std::string_view rest = endpoint.query;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find('&'));
    rest.remove_prefix(item.size() < rest.size() ? item.size() + 1 : item.size());
    const std::size_t equals = item.find('=');
    if (equals != std::string_view::npos && item.substr(0, equals) == name) {
      return usable(item.substr(equals + 1));
    }
  }
  return std::nullopt;
}

std::optional<std::string> segment_after(const Endpoint& endpoint, std::string_view segment) {
  std::string_view rest = endpoint.path;
  bool found = false;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find('/'));
    rest.remove_prefix(item.size() < rest.size() ? item.size() + 1 : item.size());
    if (found) {
      return usable(item);
    }
    found = item == segment;
  }
  return std::nullopt;
}

bool ends_with_segment(const Endpoint& endpoint, std::string_view name) {
  std::string_view path = endpoint.path;
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1) == name;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out += '%';
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  return out;
}

std::string percent_encoded(std::span<const std::string> texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += (list.empty() ? "" : ",") + percent_encoded(text);
  }
  return list;
}

}  // namespace assay::fetchers
