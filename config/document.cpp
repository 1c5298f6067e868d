#include "config/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <sstream>

namespace assay::config {
namespace {

/// Builds the tree, and keeps the first thing it will not read; from then on it only ignores.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::string file) : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(Node::Kind::null, mark, "", anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "expected no alias: write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (Node* node = add(Node::Kind::scalar, mark, tag, anchor)) {
      node->text = value;
      close();
    }
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    add(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    add(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  void refuse(const YAML::Mark& mark, std::string expected) {
    if (!error_) error_ = ConfigError{file_, mark.line + 1, mark.column + 1, "", std::move(expected)};
  }
  const std::optional<ConfigError>& error() const { return error_; }
  Node take_root() && { return std::move(root_); }

 private:
  /// A value that is being read, and the map key that waits for its value.
  struct Open {
    Node node;
    std::optional<Node> key;
  };

  Node* add(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (error_) return nullptr;
    if (anchor != 0) refuse(mark, "expected no anchor: write the value out");
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "expected no tag");
    if (open_.size() >= depth_max) refuse(mark, "expected at most " + std::to_string(depth_max) + " levels");
    if (++count_ > node_count_max) refuse(mark, "expected at most " + std::to_string(node_count_max) + " values");
    if (error_) return nullptr;
    open_.push_back(Open{Node{kind, mark.line + 1, mark.column + 1, {}, {}, {}}, std::nullopt});
    if (kind != Node::Kind::null) return &open_.back().node;
    close();
    return nullptr;
  }

  /// The innermost value is complete: it joins its parent.
  void close() {
    if (error_ || open_.empty()) return;
    Node done = std::move(open_.back().node);
    open_.pop_back();
    if (open_.empty()) {
      root_ = std::move(done);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::list) {
      parent.node.items.push_back(std::move(done));
    } else if (!parent.key) {
      parent.key = std::move(done);
    } else {
      parent.node.entries.push_back(Entry{std::move(*parent.key), std::move(done)});
      parent.key.reset();
    }
  }

  std::string file_;
  std::optional<ConfigError> error_;
  std::vector<Open> open_;
  std::size_t count_ = 0;
  Node root_;
};

}  // namespace

Loaded<Node> parse_document(std::string_view text, const std::string& file_name) {
  if (text.size() > file_size_max) {
    return std::vector{ConfigError{file_name, 0, 0, "", "expected at most 1 MiB of YAML"}};
  }
  if (text.find('\0') != std::string_view::npos) {
    return std::vector{ConfigError{file_name, 0, 0, "", "expected text, got a NUL byte"}};
  }
  Builder builder(file_name);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      return std::vector{ConfigError{file_name, 1, 1, "", "expected a YAML document, got nothing"}};
    }
    Builder rest(file_name);
    if (!builder.error() && parser.HandleNextDocument(rest)) {
      return std::vector{ConfigError{file_name, 0, 0, "", "expected one YAML document, got a second"}};
    }
  } catch (const YAML::Exception& refused) {
    builder.refuse(refused.mark, "expected YAML: " + refused.msg);
  }
  if (builder.error()) return std::vector{*builder.error()};
  return std::move(builder).take_root();
}

}  // namespace assay::config
