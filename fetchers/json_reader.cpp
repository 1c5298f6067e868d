#include "fetchers/json_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/check.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr Error not_json{Errc::malformed, "not one complete JSON text"};
constexpr Error too_deep{Errc::malformed, "nested too deeply"};
constexpr Error too_many_values{Errc::too_large, "more JSON values than the limit"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) {
    ++at;
  }
  return at;
}

/// RFC 8259 section 6. simdjson hands out number tokens unchecked, so the grammar is checked here.
bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_from(text, at);
  if (whole == at || (text[at] == '0' && whole - at > 1)) {
    return false;
  }
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_from(text, at + 1);
    if (fraction == at + 1) {
      return false;
    }
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      ++at;
    }
    const std::size_t power = digits_from(text, at);
    if (power == at) {
      return false;
    }
    at = power;
  }
  return at == text.size();
}

/// Stage-1 buffers are dear to allocate, so each thread keeps its own; nothing of a document stays in them.
ondemand::parser& thread_parser() {
  static thread_local ondemand::parser parser(payload_size_max + simdjson::SIMDJSON_PADDING);
  return parser;
}

}  // namespace

/// Fills a document's nodes from simdjson's forward-only view of its bytes.
class JsonBuilder {
 public:
  JsonBuilder(JsonDocument& document, std::size_t length) : document_(document), length_(length) {}

  Done build() {
    const simdjson::padded_string_view view(document_.bytes_.get(), length_, length_ + simdjson::SIMDJSON_PADDING);
    ondemand::document json;
    if (thread_parser().iterate(view).get(json) != simdjson::SUCCESS) {
      return not_json;
    }
    ondemand::json_type type{};
    if (json.type().get(type) != simdjson::SUCCESS) {
      return not_json;
    }
    if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
      ondemand::value root;
      if (json.get_value().get(root) != simdjson::SUCCESS) {
        return not_json;
      }
      if (auto done = add(root, {}, 0); !done) {
        return done;
      }
      return json.current_location().error() == simdjson::OUT_OF_BOUNDS ? Done{Ok{}} : Done{not_json};
    }
    return add_root_scalar(std::string_view(document_.bytes_.get(), length_), type);
  }

 private:
  using Type = JsonDocument::Type;

  Done add(ondemand::value value, std::string_view key, std::size_t depth) {
    if (document_.nodes_.size() >= JsonDocument::node_count_max) {
      return too_many_values;
    }
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
      return not_json;
    }
    switch (type) {
      case ondemand::json_type::object:
        return depth >= JsonDocument::depth_max ? Done{too_deep} : add_object(value, key, depth);
      case ondemand::json_type::array:
        return depth >= JsonDocument::depth_max ? Done{too_deep} : add_array(value, key, depth);
      case ondemand::json_type::string:
        return add_string(value, key);
      case ondemand::json_type::number:
      case ondemand::json_type::boolean:
      case ondemand::json_type::null:
        break;
    }
    return add_scalar(trimmed(value.raw_json_token()), key);
  }

  std::uint32_t open(Type type, std::string_view key) {
    document_.nodes_.push_back({.key = key, .text = {}, .end = 0, .count = 0, .type = type});
    return static_cast<std::uint32_t>(document_.nodes_.size() - 1);
  }

  void close(std::uint32_t index, std::uint32_t count) {
    document_.nodes_[index].end = static_cast<std::uint32_t>(document_.nodes_.size());
    document_.nodes_[index].count = count;
  }

  Done add_object(ondemand::value value, std::string_view key, std::size_t depth) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
      return not_json;
    }
    const std::uint32_t index = open(Type::object, key);
    std::uint32_t count = 0;
    for (auto next : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(next).get(field) != simdjson::SUCCESS || !read_key(field, name)) {
        return not_json;
      }
      if (auto done = add(field.value(), name, depth + 1); !done) {
        return done;
      }
      ++count;
    }
    close(index, count);
    return Ok{};
  }

  Done add_array(ondemand::value value, std::string_view key, std::size_t depth) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
      return not_json;
    }
    const std::uint32_t index = open(Type::array, key);
    std::uint32_t count = 0;
    for (auto next : array) {
      ondemand::value child;
      if (std::move(next).get(child) != simdjson::SUCCESS) {
        return not_json;
      }
      if (auto done = add(child, {}, depth + 1); !done) {
        return done;
      }
      ++count;
    }
    close(index, count);
    return Ok{};
  }

  Done add_string(ondemand::value value, std::string_view key) {
    const std::string_view token = trimmed(value.raw_json_token());
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) {
      return not_json;
    }
    const std::uint32_t index = open(Type::string, key);
    document_.nodes_[index].text = kept(token, text);
    close(index, 0);
    return Ok{};
  }

  Done add_scalar(std::string_view token, std::string_view key) {
    Type type{};
    if (token == "null") {
      type = Type::literal_null;
    } else if (token == "true") {
      type = Type::literal_true;
    } else if (token == "false") {
      type = Type::literal_false;
    } else if (is_json_number(token)) {
      type = Type::number;
    } else {
      return not_json;
    }
    const std::uint32_t index = open(type, key);
    document_.nodes_[index].text = type == Type::number ? token : std::string_view{};
    close(index, 0);
    return Ok{};
  }

  /// No venue sends a bare scalar; it is read as such only so that the reader covers all of JSON but its strings.
  Done add_root_scalar(std::string_view text, ondemand::json_type type) {
    if (type == ondemand::json_type::string) {
      return Error{Errc::malformed, "a bare string where an object or array was due"};
    }
    const auto first = std::find_if_not(text.begin(), text.end(), is_space);
    text.remove_prefix(static_cast<std::size_t>(first - text.begin()));
    return add_scalar(trimmed(text), {});
  }

  bool read_key(ondemand::field& field, std::string_view& name) {
    const char* const raw = field.key().raw();
    const char* const stop = document_.bytes_.get() + length_;
    const char* at = raw;
    while (at < stop && *at != '"' && *at != '\\') {
      ++at;
    }
    if (at < stop && *at == '"') {
      name = std::string_view(raw, static_cast<std::size_t>(at - raw));
      return true;
    }
    std::string_view text;
    if (field.unescaped_key().get(text) != simdjson::SUCCESS) {
      return false;
    }
    name = copied(text);
    return true;
  }

  /// The unescaped text lies in buffers of the thread; where it equals the raw text, our own bytes serve.
  std::string_view kept(std::string_view token, std::string_view text) {
    if (token.size() >= 2 && token.substr(1, token.size() - 2) == text) {
      return token.substr(1, text.size());
    }
    return copied(text);
  }

  std::string_view copied(std::string_view text) {
    if (document_.unescaped_ == nullptr) {
      document_.unescaped_ = std::make_unique<char[]>(length_);
    }
    check(text.size() <= length_ - unescaped_length_, "unescaping never lengthens");
    char* const place = document_.unescaped_.get() + unescaped_length_;
    std::copy(text.begin(), text.end(), place);
    unescaped_length_ += text.size();
    return {place, text.size()};
  }

  JsonDocument& document_;
  std::size_t length_;
  std::size_t unescaped_length_ = 0;
};

Result<JsonDocument> JsonDocument::parse(ByteSpan text) {
  if (text.size() > payload_size_max) {
    return Error{Errc::too_large, "payload above the size limit"};
  }
  const auto* const first = reinterpret_cast<const char*>(text.data());
  const auto* const last = first + text.size();
  const auto* const start = std::find_if_not(first, last, is_space);
  if (start == last) {
    return Error{Errc::malformed, "empty payload"};
  }
  if (*start == '<') {
    return Error{Errc::html_page, "a page of markup where JSON was due"};
  }
  JsonDocument document;
  document.bytes_ = std::make_unique<char[]>(text.size() + simdjson::SIMDJSON_PADDING);
  std::memcpy(document.bytes_.get(), text.data(), text.size());
  if (auto done = JsonBuilder(document, text.size()).build(); !done) {
    return done.error();
  }
  return document;
}

bool JsonValue::is_object() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::object;
}

bool JsonValue::is_array() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::array;
}

bool JsonValue::is_string() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::string;
}

bool JsonValue::is_number() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::number;
}

bool JsonValue::is_null() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::literal_null;
}

bool JsonValue::is_true() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::literal_true;
}

bool JsonValue::is_false() const noexcept {
  return exists() && document_->nodes_[index_].type == JsonDocument::Type::literal_false;
}

std::string_view JsonValue::text() const noexcept {
  return exists() ? document_->nodes_[index_].text : std::string_view{};
}

std::string_view JsonValue::key() const noexcept {
  return exists() ? document_->nodes_[index_].key : std::string_view{};
}

std::size_t JsonValue::size() const noexcept {
  return exists() ? document_->nodes_[index_].count : 0;
}

JsonValue JsonValue::operator[](std::string_view name) const noexcept {
  if (is_object()) {
    for (const JsonValue child : *this) {
      if (child.key() == name) {
        return child;
      }
    }
  }
  return {};
}

JsonValue JsonValue::at(std::size_t position) const noexcept {
  if (position >= size()) {
    return {};
  }
  auto child = begin();
  for (; position > 0; --position) {
    ++child;
  }
  return *child;
}

JsonValue::Iterator JsonValue::begin() const noexcept {
  return exists() ? Iterator{document_, index_ + 1} : Iterator{};
}

JsonValue::Iterator JsonValue::end() const noexcept {
  return exists() ? Iterator{document_, document_->nodes_[index_].end} : Iterator{};
}

JsonValue::Iterator& JsonValue::Iterator::operator++() noexcept {
  index_ = document_->nodes_[index_].end;
  return *this;
}

JsonValue::Iterator JsonValue::Iterator::operator++(int) noexcept {
  const Iterator before = *this;
  ++*this;
  return before;
}

}  // namespace assay::fetchers
