#pragma once
#include <utility>
#include <variant>

#include "core/check.hpp"
#include "core/errc.hpp"

namespace assay {

/// Why something was refused. Trivially copyable, equal on every node, safe to log.
struct Error {
  Errc code{};
  const char* detail = "";  ///< string literal; says what was expected, never holds a secret

  friend bool operator==(const Error& a, const Error& b) noexcept { return a.code == b.code; }
};

/// A value or the reason why there is none. The only error channel of the pure folders.
/// value() on an error is a broken invariant of ours: test with `if (!result)` first.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, error) {}         // NOLINT(google-explicit-constructor)

  explicit operator bool() const noexcept { return state_.index() == 0; }
  T& value() & { return check(state_.index() == 0, "Result holds a value"), *std::get_if<0>(&state_); }
  const T& value() const& { return check(state_.index() == 0, "Result holds a value"), *std::get_if<0>(&state_); }
  T&& value() && { return check(state_.index() == 0, "Result holds a value"), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error error() const { return check(state_.index() == 1, "Result holds an error"), *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value: `return Ok{};`
struct Ok {
  friend bool operator==(Ok, Ok) noexcept { return true; }
};

/// Done, or the reason why not.
using Done = Result<Ok>;

}  // namespace assay
