#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay::fetchers::market {

/// A client's message, read by place: "/op", "/args/0/instId"; "*" stands for each element of a list, at most
/// heard_names_max of them. What is no JSON, or nested deeper than eight, has nothing anywhere.
class Heard {
 public:
  explicit Heard(std::string_view text);
  ~Heard();
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  std::string_view text() const { return text_; }
  /// The first value at the place: text as it is, anything else as JSON; "" when absent.
  std::string at(std::string_view place) const;
  /// The first value there as JSON; "" when absent.
  std::string json(std::string_view place) const;
  /// All of them.
  std::vector<std::string> all(std::string_view place) const;

 private:
  struct Value;
  const std::string text_;
  const std::unique_ptr<Value> value_;
};
inline constexpr std::size_t heard_names_max = 1024;

}  // namespace assay::fetchers::market
