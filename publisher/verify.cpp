#include "publisher/verify.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "core/bytes.hpp"
#include "core/merkle.hpp"
#include "core/observation.hpp"
#include "publisher/frames.hpp"
#include "publisher/view.hpp"

namespace assay::publisher {
namespace {

namespace json = boost::json;

constexpr std::size_t path_max = 32;  ///< a tree of 2^32 leaves: feed_count is a u32
constexpr std::size_t symbol_bytes_max = 64;
constexpr std::size_t quoted_max = 80;  ///< what a refusal repeats of a frame

constexpr std::string_view update_members[] = {"type", "height", "feed",      "index", "leaf",
                                               "path", "header", "signature", "view"};
constexpr std::string_view batch_members[] = {"type", "height", "header", "signature", "leaves"};
constexpr std::string_view leaf_members[] = {"feed", "index", "leaf", "path", "view"};

/// A step's outcome: nothing, or why the frame is refused.
using Verdict = std::optional<Refused>;

Refused refuse(Errc code, std::string detail) {
  return Refused{code, std::move(detail)};
}
Refused refuse(Error error, std::string_view field) {
  return Refused{error.code, std::string(field).append(": ").append(error.detail)};
}

std::string quoted(const json::value& value) {
  return json::serialize(value).substr(0, quoted_max);
}

/// Members of all objects in the tree, each key once.
std::size_t member_count(const json::value& value) {
  std::size_t count = 0;
  if (const auto* object = value.if_object()) {
    count += object->size();
    for (const auto& member : *object) count += member_count(member.value());
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) count += member_count(item);
  }
  return count;
}

/// Colons outside strings in valid JSON: one per member as written, duplicates included.
std::size_t colon_count(std::string_view text) {
  std::size_t count = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inside && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inside = !inside;
    } else if (!inside && text[i] == ':') {
      ++count;
    }
  }
  return count;
}

/// A leaf as the frame spells it, before anything about it is believed.
struct RawLeaf {
  std::uint32_t index{};
  std::string symbol;
  Bytes bytes;
  std::optional<std::vector<Digest>> path;
  const json::value* view = nullptr;
};

struct RawFrame {
  Bytes header;
  Bytes signature;
  std::vector<RawLeaf> leaves;
  const json::value* height = nullptr;
};

Verdict read_bytes(const json::object& from, std::string_view key, std::size_t length_max, Bytes& out) {
  const auto* text = from.if_contains(key);
  if (text == nullptr || !text->is_string()) return refuse(Errc::missing_field, std::string(key) + ": base64 text");
  auto bytes = from_base64(text->get_string(), length_max);
  if (!bytes) return refuse(bytes.error(), key);
  out = std::move(bytes).value();
  return std::nullopt;
}

Verdict read_path(const json::value& value, std::vector<Digest>& out) {
  const auto* list = value.if_array();
  if (list == nullptr) return refuse(Errc::missing_field, "path: an array of base64 texts");
  if (list->size() > path_max) return refuse(Errc::too_large, "path: at most 32 hashes");
  for (const auto& item : *list) {
    if (!item.is_string()) return refuse(Errc::missing_field, "path: an array of base64 texts");
    const auto bytes = from_base64(item.get_string(), sizeof(Bytes32));
    if (!bytes) return refuse(bytes.error(), "path");
    if (bytes->size() != sizeof(Bytes32)) return refuse(Errc::truncated, "path: 32 bytes each");
    Digest digest;
    std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
    out.push_back(digest);
  }
  return std::nullopt;
}

/// Nothing stands in a frame that no check looks at.
Verdict check_members(const json::object& from, std::span<const std::string_view> known, std::string_view what) {
  for (const auto& member : from) {
    const std::string_view key(member.key());
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    return refuse(Errc::not_canonical, std::string(what) + ": no such member: " + quoted(json::string(key)));
  }
  return std::nullopt;
}

Verdict read_leaf(const json::object& from, RawLeaf& out) {
  const auto* symbol = from.if_contains("feed");
  if (symbol == nullptr || !symbol->is_string()) return refuse(Errc::missing_field, "feed: a symbol");
  if (symbol->get_string().size() > symbol_bytes_max) return refuse(Errc::too_large, "feed: at most 64 bytes");
  out.symbol = std::string(symbol->get_string());
  const auto* index = from.if_contains("index");
  if (index == nullptr || !index->is_int64()) return refuse(Errc::missing_field, "index: an integer");
  if (index->get_int64() < 0 || index->get_int64() > UINT32_MAX) return refuse(Errc::out_of_range, "index: a u32");
  out.index = static_cast<std::uint32_t>(index->get_int64());
  if (auto no = read_bytes(from, "leaf", leaf_size, out.bytes)) return no;
  if (const auto* path = from.if_contains("path")) {
    if (auto no = read_path(*path, out.path.emplace())) return no;
  }
  out.view = from.if_contains("view");
  return std::nullopt;
}

Verdict read_frame(const json::object& from, RawFrame& out) {
  const auto* type = from.if_contains("type");
  if (type == nullptr || !type->is_string()) return refuse(Errc::missing_field, "type: update or batch");
  out.height = from.if_contains("height");
  if (auto no = read_bytes(from, "header", header_size, out.header)) return no;
  if (auto no = read_bytes(from, "signature", sizeof(Signature), out.signature)) return no;
  if (type->get_string() == "update") {
    if (auto no = check_members(from, update_members, "update")) return no;
    return read_leaf(from, out.leaves.emplace_back());
  }
  if (type->get_string() != "batch") return refuse(Errc::unsupported, "type: update or batch, not " + quoted(*type));
  if (auto no = check_members(from, batch_members, "batch")) return no;
  const auto* value = from.if_contains("leaves");
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr || list->empty()) return refuse(Errc::missing_field, "leaves: a non-empty array");
  if (list->size() > feed_count_max) return refuse(Errc::too_large, "leaves: at most 4096");
  out.leaves.reserve(list->size());
  for (const auto& item : *list) {
    if (!item.is_object()) return refuse(Errc::malformed, "leaves: objects");
    if (auto no = check_members(item.get_object(), leaf_members, "leaves")) return no;
    if (auto no = read_leaf(item.get_object(), out.leaves.emplace_back())) return no;
  }
  for (std::size_t i = 1; i < out.leaves.size(); ++i) {
    if (out.leaves[i - 1].index >= out.leaves[i].index) return refuse(Errc::not_canonical, "leaves: ascending index");
  }
  return std::nullopt;
}

Verdict check_signature(const RawFrame& raw, const Pinned& pinned, VerifiedFrame& out) {
  const auto header = decode_header(raw.header);
  if (!header) return refuse(header.error(), "header");
  if (raw.signature.size() != sizeof(Signature)) return refuse(Errc::truncated, "signature: 64 bytes");
  out.header = *header;
  std::copy(raw.signature.begin(), raw.signature.end(), out.signature.bytes.begin());
  if (pinned.network && *pinned.network != out.header.network) {
    return refuse(Errc::wrong_network, "header: network " + to_hex(out.header.network.value.bytes));
  }
  if (!verify_ed25519(pinned.group_key, raw.header, out.signature)) {
    return refuse(Errc::bad_signature, "signature: not of these header bytes under the pinned group key");
  }
  out.hash = header_hash(out.header);
  return std::nullopt;
}

/// Every leaf of the batch is there, in order: together they give the root without a path.
Verdict check_complete(const RawFrame& raw, const Header& header) {
  if (raw.leaves.size() != header.feed_count || raw.leaves.back().index + 1 != header.feed_count) {
    return refuse(Errc::bad_proof, "path: may be left out only when all leaves are there");
  }
  std::vector<Digest> hashes;
  hashes.reserve(raw.leaves.size());
  for (const auto& leaf : raw.leaves) hashes.push_back(merkle_leaf(leaf.bytes));
  if (merkle_root(hashes) != header.feeds_root) return refuse(Errc::bad_proof, "leaves: another root than the signed");
  return std::nullopt;
}

Verdict check_paths(const RawFrame& raw, const Header& header) {
  const bool bare =
      std::none_of(raw.leaves.begin(), raw.leaves.end(), [](const auto& l) { return l.path.has_value(); });
  if (bare) return check_complete(raw, header);
  for (const auto& leaf : raw.leaves) {
    if (!leaf.path) return refuse(Errc::missing_field, "path: on every leaf, or on none");
    const auto root = root_from_path(merkle_leaf(leaf.bytes), leaf.index, header.feed_count, *leaf.path);
    if (!root) return refuse(root.error(), "path");
    if (*root != header.feeds_root) return refuse(Errc::bad_proof, "path: leads to another root than the signed");
  }
  return std::nullopt;
}

Verdict check_view(const json::value& view, const Leaf& leaf, const Header& header) {
  const auto* given = view.if_object();
  if (given == nullptr) return refuse(Errc::view_differs, "view: an object");
  const json::object told = leaf_view(leaf, header);
  for (const auto& member : told) {
    const std::string field = "view." + std::string(member.key());
    const auto* value = given->if_contains(member.key());
    if (value == nullptr) return refuse(Errc::view_differs, field + ": absent");
    if (*value != member.value()) {
      return refuse(Errc::view_differs, field + ": " + quoted(*value) + ", the bytes say " + quoted(member.value()));
    }
  }
  for (const auto& member : *given) {
    if (!told.contains(member.key())) {
      return refuse(Errc::view_differs, "view: the bytes do not say " + quoted(json::string(member.key())));
    }
  }
  return std::nullopt;
}

Verdict check_terms(const Leaf& leaf, std::string_view symbol, std::span<const FeedTerms> expected) {
  if (feed_id(symbol) != leaf.feed) return refuse(Errc::wrong_feed, "feed: the name is not of this leaf's id");
  if (expected.empty()) return std::nullopt;
  const auto terms = std::find_if(expected.begin(), expected.end(), [&](const auto& t) { return t.id == leaf.feed; });
  if (terms == expected.end()) return refuse(Errc::wrong_feed, "feed: not one that was asked for");
  if (terms->exponent != leaf.exponent) return refuse(Errc::wrong_exponent, "leaf: not the exponent of this feed");
  return std::nullopt;
}

Verdict check_leaves(RawFrame& raw, std::span<const FeedTerms> expected, VerifiedFrame& out) {
  out.leaves.reserve(raw.leaves.size());
  for (auto& leaf : raw.leaves) {
    const auto decoded = decode_leaf(leaf.bytes);
    if (!decoded) return refuse(decoded.error(), "leaf");
    if (decoded->height != out.header.height) return refuse(Errc::wrong_height, "leaf: of another height");
    if (auto no = check_terms(*decoded, leaf.symbol, expected)) return no;
    if (leaf.view != nullptr) {
      if (auto no = check_view(*leaf.view, *decoded, out.header)) return no;
    }
    out.leaves.push_back({leaf.index, std::move(leaf.symbol), *decoded});
  }
  const json::value height = json::string(std::to_string(out.header.height.value));
  if (raw.height != nullptr && *raw.height != height) return refuse(Errc::view_differs, "height: not the header's");
  return std::nullopt;
}

}  // namespace

std::variant<VerifiedFrame, Refused> verify_frame(std::string_view text, const Pinned& pinned,
                                                  std::span<const FeedTerms> expected) {
  if (text.size() > frame_bytes_max) return refuse(Errc::too_large, "frame: at most 8 MiB");
  json::error_code failed;
  json::parse_options options;
  options.max_depth = 6;
  const json::value document = json::parse(text, failed, {}, options);
  if (failed || !document.is_object()) return refuse(Errc::malformed, "frame: one JSON object");
  if (member_count(document) != colon_count(text)) return refuse(Errc::not_canonical, "frame: a key given twice");

  RawFrame raw;
  VerifiedFrame out;
  if (auto no = read_frame(document.get_object(), raw)) return *std::move(no);
  if (auto no = check_signature(raw, pinned, out)) return *std::move(no);
  if (auto no = check_paths(raw, out.header)) return *std::move(no);
  if (auto no = check_leaves(raw, expected, out)) return *std::move(no);
  return out;
}

}  // namespace assay::publisher
