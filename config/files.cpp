#include "config/files.hpp"

#include <fstream>
#include <system_error>

#include "config/load.hpp"

namespace assay::config {

namespace fs = std::filesystem;

Loaded<std::string> read_text(const fs::path& file) {
  const auto refused = [&file](std::string expected) {
    return std::vector{ConfigError{file.string(), 0, 0, "", std::move(expected)}};
  };
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return refused("expected a readable file");
  if (fs::file_size(file, failed) > file_size_max || failed) return refused("expected at most 1 MiB of YAML");
  std::ifstream in(file, std::ios::binary);
  std::string text(file_size_max + 1, '\0');
  if (!in) return refused("expected a readable file");
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return refused("expected a readable file");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

fs::path beside(const std::string& settings_file, const std::string& path) {
  if (path.empty()) return {};
  return (fs::path(settings_file).parent_path() / path).lexically_normal();
}

Done write_text(const fs::path& file, std::string_view text) {
  fs::path temporary = file;
  temporary += ".tmp";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  std::error_code failed;
  if (out) fs::rename(temporary, file, failed);
  if (out && !failed) return Ok{};
  return Error{Errc::io_failed, "a configuration file could not be written"};
}

}  // namespace assay::config
