#include "node/terminal.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace assay::node {

namespace {

constexpr std::uint8_t interrupt = 3;
constexpr std::uint8_t end_of_input = 4;
constexpr std::uint8_t backspace = 8;
constexpr std::uint8_t kill_line = 21;
constexpr std::uint8_t rubout = 127;

/// No echo, no line buffer of the kernel's, and Ctrl-C is a byte: nothing may leave the terminal silent for ever.
class Silence {
 public:
  Silence() {
    tcgetattr(STDIN_FILENO, &before_);
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    fmt::print(stderr, "\n");
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
};

/// One character, which UTF-8 may spell in several bytes.
void drop_character(threshold::Passphrase& passphrase) {
  bool within = true;
  while (within && !passphrase.bytes().empty()) {
    within = (passphrase.bytes().back() & 0xc0U) == 0x80U;
    passphrase.drop_last();
  }
}

}  // namespace

bool is_terminal() noexcept {
  return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

Result<threshold::Passphrase> ask_passphrase(std::string_view prompt) {
  fmt::print(stderr, "{}: ", prompt);
  std::fflush(stderr);
  const Silence silence;
  threshold::Passphrase passphrase;
  auto byte = threshold::SecretSlot::make();
  const auto key = byte.bytes().first<1>();
  while (true) {
    const auto got = read(STDIN_FILENO, key.data(), 1);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0 || key[0] == interrupt || key[0] == end_of_input) {
      return Error{Errc::closed, "no passphrase was given"};
    }
    if (key[0] == '\n' || key[0] == '\r') {
      break;
    }
    if (key[0] == backspace || key[0] == rubout) {
      drop_character(passphrase);
    } else if (key[0] == kill_line) {
      passphrase = threshold::Passphrase();
    } else if (const auto done = passphrase.append(key); !done) {
      return done.error();
    }
  }
  if (const auto done = passphrase.usable(); !done) {
    return done.error();
  }
  return passphrase;
}

}  // namespace assay::node
