#include "fetchers/market/dialect.hpp"

#include <algorithm>
#include <utility>

#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view symbol_word = "$symbol";

bool same_name(std::string_view a, std::string_view b) {
  return lower(a) == lower(b);
}

std::string_view without_slash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

/// What stands in `text` where `form` has "$symbol"; none when the rest differs.
std::optional<std::string_view> symbol_in(std::string_view text, std::string_view form) {
  const std::size_t mark = form.find(symbol_word);
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view before = form.substr(0, mark);
  const std::string_view after = form.substr(mark + symbol_word.size());
  if (text.size() < before.size() + after.size() || !text.starts_with(before) || !text.ends_with(after)) {
    return std::nullopt;
  }
  return text.substr(before.size(), text.size() - before.size() - after.size());
}

/// "A,B", or a JSON list of them.
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : std::string(text) + ",") {
    if (c == '[' || c == ']' || c == '"') continue;
    if (c != ',') {
      name += c;
    } else if (!name.empty() && names.size() < heard_names_max) {
      names.push_back(std::exchange(name, {}));
    }
  }
  return names;
}

std::optional<std::size_t> find_pair(const Dialect& dialect, std::string_view name, std::span<const Pair> pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (const auto spelled = dialect.spell(pairs[i]); !spelled.empty() && same_name(spelled, name)) return i;
  }
  return std::nullopt;
}

Said about(const Dialect& dialect, const Board& board, std::size_t pair, WallTime now) {
  const Pair& both = board.pairs()[pair];
  return Said{dialect.spell(both), &both, &board.ticker(pair), pair + 1, {}, now, board.is_traded(pair)};
}

/// The instruments that a request names; none when it is not one of this route.
std::optional<std::vector<std::string>> named_by(const Route& route, const Asked& asked) {
  if (route.method != asked.method) return std::nullopt;
  const std::string_view path = without_slash(path_of(asked.target));
  const std::string_view form = without_slash(route.path);
  if (const auto named = symbol_in(path, form)) {
    return named->empty() || named->find('/') != std::string_view::npos ? std::nullopt
                                                                        : std::optional(split_names(*named));
  }
  if (path != form) return std::nullopt;
  if (route.method == Method::post) {
    const Heard heard(asked.body);
    if (!route.key.empty() && heard.at(route.key) != route.value) return std::nullopt;
    return route.parameter.empty() ? std::vector<std::string>{} : heard.all(route.parameter);
  }
  return route.parameter.empty() ? std::vector<std::string>{}
                                 : split_names(query_value(asked.target, route.parameter).value_or(""));
}

}  // namespace

std::string joined(const Pair& pair) {
  return pair.base + pair.quote;
}
std::string lower_joined(const Pair& pair) {
  return lower(joined(pair));
}
std::string dashed(const Pair& pair) {
  return pair.base + "-" + pair.quote;
}
std::string slashed(const Pair& pair) {
  return pair.base + "/" + pair.quote;
}
std::string underlined(const Pair& pair) {
  return pair.base + "_" + pair.quote;
}
std::string reversed(const Pair& pair) {
  return pair.quote + "-" + pair.base;
}

bool DialectDialogue::serves(std::string_view target) const {
  return !dialect_.stream_path.empty() && without_slash(path_of(target)) == without_slash(dialect_.stream_path);
}

Answer DialectDialogue::greet(std::string_view, std::span<const Pair>) const {
  if (dialect_.greeting.empty()) return {};
  return {{render(dialect_.greeting, {})}, {}, {}};
}

Answer DialectDialogue::hear(std::string_view text, std::span<const Pair> pairs, WallTime now) const {
  const Heard heard(text);
  const Said plain{{}, nullptr, nullptr, 0, heard.json("/id"), now};
  for (const Reply& reply : dialect_.replies) {
    const std::string found = reply.place.empty() ? std::string(text) : heard.at(reply.place);
    if (found.empty() || (reply.value != "*" && found != reply.value)) continue;
    return reply.form.empty() ? Answer{} : Answer{{render(reply.form, plain)}, {}, {}};
  }
  const Listening& listening = dialect_.listening;
  const auto channels = heard.all(listening.names);
  const bool meant = listening.key.empty() ? !channels.empty() : heard.at(listening.key) == listening.value;
  if (!meant) return {{render(dialect_.confused, plain)}, {}, {}};
  Answer answer;
  for (const std::string& channel : channels) {
    const auto inner = symbol_in(channel, listening.channel);
    const auto names = inner ? split_names(*inner) : std::vector<std::string>{channel};
    for (const std::string& name : names) {
      const auto pair = inner ? find_pair(dialect_, name, pairs) : std::nullopt;
      Said said{name, nullptr, nullptr, 0, plain.id, now};
      if (pair) {
        said = Said{dialect_.spell(pairs[*pair]), &pairs[*pair], nullptr, *pair + 1, plain.id, now};
        answer.add.push_back(Topic{*pair, ""});
      }
      const std::string_view form = pair ? listening.ack : listening.unknown;
      if (!form.empty()) answer.frames.push_back(render(form, said));
    }
  }
  if (!listening.ack_all.empty()) answer.frames.push_back(render(listening.ack_all, plain));
  return answer;
}

std::string DialectDialogue::push(const Topic& topic, std::string_view, const Board& board, Push) const {
  if (!board.is_listed(topic.pair)) return {};
  const Said said = about(dialect_, board, topic.pair, {});
  return dialect_.push_bytes != nullptr ? dialect_.push_bytes(said) : render(dialect_.push, said);
}

std::vector<std::string> DialectDialogue::heartbeat(std::span<const Topic> topics, const Board& board,
                                                    WallTime now) const {
  if (dialect_.beat_s == 0 || now.value / 1'000'000 % dialect_.beat_s != 0) return {};
  std::vector<std::string> frames{render(dialect_.beat, Said{{}, nullptr, nullptr, 0, {}, now})};
  if (dialect_.standing.empty()) return frames;
  for (const Topic& topic : topics) {
    frames.push_back(render(dialect_.standing, about(dialect_, board, topic.pair, now)));
  }
  return frames;
}

RestAnswer DialectDialogue::rest(std::string_view target, const Board& board, WallTime now) const {
  return answer(Asked{Method::get, target, {}, board, now});
}

RestAnswer DialectDialogue::post(std::string_view target, std::string_view body, const Board& board,
                                 WallTime now) const {
  return answer(Asked{Method::post, target, body, board, now});
}

RestAnswer DialectDialogue::answer(const Asked& asked) const {
  if (dialect_.rest_otherwise != nullptr) {
    if (auto special = dialect_.rest_otherwise(asked)) return *special;
  }
  for (const Route& route : dialect_.routes) {
    const auto names = named_by(route, asked);
    if (!names || (route.names == Names::one && names->size() != 1)) continue;
    std::string list;
    const auto add = [&](std::size_t pair) {
      if (!list.empty()) list += dialect_.separator;
      list += render(route.entry, about(dialect_, asked.board, pair, asked.now));
    };
    const bool by_name = route.names == Names::one || (route.names == Names::some && !names->empty());
    for (const std::string& name : by_name ? *names : std::vector<std::string>{}) {
      const auto pair = find_pair(dialect_, name, asked.board.pairs());
      if (!pair || !asked.board.is_listed(*pair)) {
        return {
            dialect_.unknown.status, render(dialect_.unknown.form, Said{name, nullptr, nullptr, 0, {}, asked.now}), {}};
      }
      add(*pair);
    }
    for (std::size_t i = 0; !by_name && route.names != Names::none && i < asked.board.pairs().size(); ++i) {
      if (asked.board.is_listed(i) && !dialect_.spell(asked.board.pairs()[i]).empty()) add(i);
    }
    const Said plain{{}, nullptr, nullptr, 0, {}, asked.now};
    return {200, render(route.head, plain) + list + render(route.tail, plain), dialect_.content_type};
  }
  return {404, render(dialect_.unknown.form, Said{std::string(asked.target), nullptr, nullptr, 0, {}, asked.now}), {}};
}

Form DialectDialogue::form(std::string_view frame) const {
  if (dialect_.push_bytes != nullptr) return frame.starts_with('{') ? Form::text : Form::binary;
  return dialect_.stream_form;
}

}  // namespace assay::fetchers::market
