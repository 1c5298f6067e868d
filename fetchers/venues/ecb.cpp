#include "fetchers/venues/ecb.hpp"

#include <algorithm>
#include <array>

#include "fetchers/gzip.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr Error neither_file{Errc::malformed, "neither a file of reference rates nor CSV of them"};

std::string_view text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<WallTime> midnight(std::string_view day) {
  return day.size() == 10 ? time_from_iso(std::string(day) + "T00:00:00Z") : std::nullopt;
}

/// The file may hold any bytes, a symbol may not.
Instrument euro_in(std::string_view base, std::string_view currency) {
  return {.symbol = printable(currency),
          .pair = {.base = printable(base.empty() ? "EUR" : base), .quote = printable(currency)}};
}

/// Contents of name="..." or name='...' among the attributes of one element; empty when absent or unfinished.
std::string_view attribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    const bool apart = at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\t' || tag[at - 1] == '\n');
    std::string_view rest = tag.substr(at + name.size());
    if (!apart || rest.size() < 3 || rest[0] != '=' || (rest[1] != '\'' && rest[1] != '"')) {
      continue;
    }
    const char quote = rest[1];
    rest.remove_prefix(2);
    const std::size_t end = rest.find(quote);
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
  }
  return {};
}

/// A day without a rate says "N/A", a row of the CSV nothing.
ParsedItem read_rate(const Instrument& instrument, std::string_view rate, std::optional<WallTime> day) {
  if (rate == "N/A" || (rate.empty() && !instrument.symbol.empty())) {
    return Control{"empty"};
  }
  return make_last(instrument, QuoteKind::rate, rate, day);
}

/// <Cube time='2015-01-07'> holds one <Cube currency='USD' rate='1.1831'/> a currency; all else is passed over.
void read_cubes(std::string_view text, Parsed& out) {
  std::optional<WallTime> day;
  bool found = false;
  for (std::size_t at = text.find("<Cube"); at != std::string_view::npos && !is_full(out);) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) {
      return add_item(out, Refusal{.error = {Errc::malformed, "the file is cut off"}, .text = {}});
    }
    const std::string_view tag = text.substr(at, end - at);
    found = true;
    if (const std::string_view time = attribute(tag, "time"); !time.empty()) {
      day = midnight(time);
    }
    if (const std::string_view currency = attribute(tag, "currency"); !currency.empty()) {
      add_item(out, read_rate(euro_in("EUR", currency), attribute(tag, "rate"), day));
    }
    at = text.find("<Cube", end);
  }
  if (!found && (text.find("GenericData") != std::string_view::npos ||
                 text.find("StructureSpecificData") != std::string_view::npos)) {
    return add_item(out, unsupported("SDMX-ML"));
  }
  if (!found) {
    return add_item(out, Refusal{.error = neither_file, .text = printable(text.substr(0, 60))});
  }
  if (text.find("</gesmes:Envelope>") == std::string_view::npos) {
    return add_item(out, Refusal{.error = {Errc::malformed, "the file is cut off"}, .text = {}});
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

/// Takes one field off the front; quoted fields may hold commas, doubled quotes stay as they are.
std::string_view take_field(std::string_view& line) {
  std::size_t end = 0;
  bool quoted = false;
  while (end < line.size() && (quoted || line[end] != ',')) {
    quoted = line[end] == '"' ? !quoted : quoted;
    ++end;
  }
  std::string_view field = line.substr(0, end);
  line.remove_prefix(end < line.size() ? end + 1 : end);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field = field.substr(1, field.size() - 2);
  }
  return field;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

/// The fields of one line that matter, by the names of the header line.
struct Row {
  std::string_view currency;
  std::string_view base;
  std::string_view day;
  std::string_view rate;
};

Row row_of(std::string_view header, std::string_view line) {
  Row row;
  while (!header.empty() && !line.empty()) {
    const std::string_view name = take_field(header);
    const std::string_view value = take_field(line);
    if (name == "CURRENCY") {
      row.currency = value;
    } else if (name == "CURRENCY_DENOM") {
      row.base = value;
    } else if (name == "TIME_PERIOD") {
      row.day = value;
    } else if (name == "OBS_VALUE") {
      row.rate = value;
    }
  }
  return row;
}

/// "19 November 2025" or "2025-11-19".
std::optional<WallTime> day_of(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};
  const std::size_t first = text.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second == std::string_view::npos) {
    return midnight(text);
  }
  const auto month =
      std::find(months.begin(), months.end(), text.substr(first + 1, second - first - 1)) - months.begin();
  const auto two = [](std::string digits) { return digits.size() < 2 ? "0" + digits : digits; };
  return midnight(std::string(text.substr(second + 1)) + "-" + two(std::to_string(month + 1)) + "-" +
                  two(std::string(text.substr(0, first))));
}

/// eurofxref.csv and its longer sister: "Date, USD, JPY, ..." and a line a day.
void read_columns(std::string_view header, std::string_view text, Parsed& out) {
  while (!text.empty() && !is_full(out)) {
    std::string_view line = take_line(text);
    std::string_view names = header;
    take_field(names);
    const auto day = day_of(trimmed(take_field(line)));
    while (!names.empty() && !line.empty() && !is_full(out)) {
      const std::string_view currency = trimmed(take_field(names));
      const std::string_view rate = trimmed(take_field(line));
      if (!currency.empty()) {
        add_item(out, read_rate(euro_in("EUR", currency), rate, day));
      }
    }
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

void read_csv(std::string_view text, Parsed& out) {
  const std::string_view header = take_line(text);
  if (header.starts_with("Date,")) {
    return read_columns(header, text, out);
  }
  const bool sdmx = header.starts_with('{') && (header.find("dataSets") != std::string_view::npos ||
                                                text.find("dataSets") != std::string_view::npos);
  if (sdmx || header.starts_with("PK")) {  // or a packed file
    return add_item(out, unsupported(header.substr(0, 20)));
  }
  if (header.find("CURRENCY") == std::string_view::npos || header.find("OBS_VALUE") == std::string_view::npos) {
    return add_item(out, Refusal{.error = neither_file, .text = printable(header.substr(0, 60))});
  }
  while (!text.empty() && !is_full(out)) {
    const std::string_view line = take_line(text);
    if (!line.empty()) {
      const Row row = row_of(header, line);
      add_item(out, read_rate(euro_in(row.base, row.currency), row.rate, midnight(row.day)));
    }
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

bool is_page(std::string_view text) {
  const std::string start = lower_case(text.substr(0, 200));
  return start.starts_with("<!doctype html") || start.starts_with("<html") ||
         (start.starts_with("<?xml") && start.find("<html") != std::string::npos);
}

void read_text(std::string_view text, Parsed& out) {
  text.remove_prefix(text.starts_with("\xef\xbb\xbf") ? 3 : 0);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(start == std::string_view::npos ? text.size() : start);
  if (is_page(text)) {
    return add_item(
        out, Refusal{.error = {Errc::html_page, "a page where rates were due"}, .text = printable(text.substr(0, 60))});
  }
  return text.starts_with('<') ? read_cubes(text, out) : read_csv(text, out);
}

}  // namespace

Parsed EcbAdapter::parse_ws(ByteSpan frame, std::string_view path) const {
  return parse_rest(path, frame, {});
}

Parsed EcbAdapter::parse_rest(std::string_view /*endpoint*/, ByteSpan body, std::string_view /*symbol*/) const {
  if (body.size() > payload_size_max) {
    return unreadable({Errc::too_large, "a larger file than is read"}, body);
  }
  Parsed parsed;
  if (!is_gzip(body)) {
    read_text(text_of(body), parsed);
    return parsed;
  }
  const auto unpacked = gunzip(body);
  if (!unpacked) {
    return unreadable(unpacked.error(), body);
  }
  read_text(text_of(*unpacked), parsed);
  return parsed;
}

Subscription EcbAdapter::subscribe(std::span<const std::string> /*symbols*/) const {
  return {};
}

std::vector<std::string> EcbAdapter::rest_targets(std::span<const std::string> symbols) const {
  return symbols.empty() ? std::vector<std::string>{}
                         : std::vector<std::string>{"/stats/eurofxref/eurofxref-daily.xml"};
}

}  // namespace assay::fetchers
