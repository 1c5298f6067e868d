#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "config/document.hpp"
#include "config/error.hpp"
#include "config/section.hpp"

namespace assay::config {

/// The whole of a file, or one error about it (absent, unreadable, a folder, above file_size_max).
Loaded<std::string> read_text(const std::filesystem::path& file);

/// A path of a settings file, seen from that file's folder; absolute ones stay.
std::filesystem::path beside(const std::string& settings_file, const std::string& path);

/// The frame that all readers share: parse, read the root section, finish it, and answer with the settings or with the
/// problems in order of place.   read  T(Section&, Problems&)
template <class T, class Read>
Loaded<T> read_document(std::string_view text, const std::string& file_name, Read read) {
  Loaded<Node> document = parse_document(text, file_name);
  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&document)) return *errors;
  Problems problems{file_name, {}};
  Section root(std::get<Node>(document), "", problems);
  T settings = read(root, problems);
  root.finish();
  if (problems.list.empty()) return settings;
  std::stable_sort(problems.list.begin(), problems.list.end(), [](const ConfigError& a, const ConfigError& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(problems.list);
}

/// The same from a file.   parse  Loaded<T>(text, file name)
template <class T>
Loaded<T> read_file(const std::filesystem::path& file, Loaded<T> (*parse)(std::string_view, const std::string&)) {
  Loaded<std::string> text = read_text(file);
  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&text)) return *errors;
  return parse(std::get<std::string>(text), file.string());
}

}  // namespace assay::config
