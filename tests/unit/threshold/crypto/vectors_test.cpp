#include "threshold/crypto/vectors.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "core/bytes.hpp"

namespace assay::threshold {
namespace {

namespace json = boost::json;

json::value file(const std::string& name) {
  std::ifstream in(ASSAY_SOURCE_DIR "/tests/vectors/" + name + ".json");
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

const json::value& rfc_file() {
  static const json::value document = file("rfc9591-ed25519");
  return document;
}

VectorReport check(const json::value& document) {
  return check_vectors(json::serialize(document));
}

/// Visits every value below `at`; `visit` may change it as long as it puts it back. Fields that only tell where a
/// vector comes from begin with an underscore.
void walk(json::value& at, const std::string& path,
          const std::function<void(json::value&, const std::string&)>& visit) {
  visit(at, path);
  if (auto* object = at.if_object()) {
    for (auto& [key, value] : *object) {
      if (!key.starts_with('_')) walk(value, path + "." + std::string(key), visit);
    }
  } else if (auto* array = at.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) walk((*array)[i], path + "[" + std::to_string(i) + "]", visit);
  }
}

bool is_hex(const json::value& value) {
  const auto* text = value.if_string();
  return text != nullptr && static_cast<bool>(from_hex(std::string_view(text->data(), text->size())));
}

TEST(Vectors, the_rfc_file_passes_whole) {
  const auto report = check(rfc_file());
  EXPECT_EQ(report.failed, 0U) << (report.failures.empty() ? "" : report.failures.front());
  EXPECT_GT(report.checks, 80U);
  EXPECT_FALSE(report.suite_unknown);
}

/// Flips one digit in each quarter of every hex field, and sees each noticed.
int flip_every_hex_field(json::value& document, const std::function<bool(const std::string&)>& spared) {
  int flipped = 0;
  walk(document, "$", [&](json::value& value, const std::string& path) {
    if (!is_hex(value) || value.as_string().empty() || spared(path)) return;
    auto& text = value.as_string();
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
      const std::size_t at = (text.size() - 1) * quarter / 3;
      const char before = text[at];
      text[at] = before == '4' ? '5' : '4';
      EXPECT_GT(check(document).failed, 0U) << path << " at " << at;
      text[at] = before;
      ++flipped;
    }
  });
  EXPECT_EQ(check(document).failed, 0U);
  return flipped;
}

TEST(Vectors, a_flipped_digit_of_any_hex_field_of_the_published_file_is_noticed) {
  auto document = rfc_file();
  EXPECT_GT(flip_every_hex_field(document, [](const std::string&) { return false; }), 200);
}

// tests/vectors/generate_frost.py: other keys, sizes, identifiers and messages, by an independent implementation.
TEST(Vectors, files_of_another_implementation_pass_whole) {
  for (const char* name :
       {"frost-small", "frost-sizes", "frost-identifiers", "frost-signing-only", "frost-repair-only"}) {
    const auto report = check(file(name));
    EXPECT_EQ(report.failed, 0U) << name << ": " << (report.failures.empty() ? "" : report.failures.front());
    EXPECT_GE(report.checks, 5U) << name;
  }
}

TEST(Vectors, a_flipped_digit_of_any_hex_field_of_such_a_file_is_noticed) {
  for (const char* name : {"frost-small", "frost-signing-only", "frost-repair-only"}) {
    auto document = file(name);
    // Another invalid element is as a rule one more invalid element: nothing tells that it was meant otherwise.
    flip_every_hex_field(document, [](const std::string& path) { return path.starts_with("$.invalid_element"); });
  }
}

TEST(Vectors, what_follows_repair_share_adds_up) {
  auto document = file("frost-repair-only");
  const auto checks = check(document).checks;
  auto& deltas = document.at("repair_share").at("scalar_generation").as_object();
  deltas["random_scalar_3"] = std::string(64, '0');
  EXPECT_EQ(check(document).failed, 0U) << "zero may be one of them";
  EXPECT_GT(check(document).checks, checks);
  deltas["random_scalar_3"] = "01" + std::string(62, '0');
  EXPECT_EQ(check(document).failed, 1U);
  deltas.erase("random_scalar_1");
  EXPECT_GT(check(document).failed, 0U);
  document.at("repair_share") = json::object{};
  EXPECT_GT(check(document).failed, 0U);
}

TEST(Vectors, sections_may_be_lists_of_entries_and_each_is_checked) {
  auto document = file("frost-small");
  for (const char* section : {"dkg", "repair_share", "invalid_element"}) {
    const json::value one = document.at(section);
    const auto checks = check(document).checks;
    document.at(section) = json::array{one, one};
    EXPECT_EQ(check(document).failed, 0U) << section;
    EXPECT_GT(check(document).checks, checks) << section;
    document.at(section).as_array()[1] = json::object{};
    EXPECT_GT(check(document).failed, 0U) << section;
    document.at(section) = one;
  }
}

TEST(Vectors, a_file_has_signing_vectors_alone_or_with_dkg_and_invalid_element_both) {
  const auto whole = file("frost-small");
  const auto fails_without = [&](std::initializer_list<const char*> sections) {
    json::object document = whole.as_object();
    for (const char* section : sections) document.erase(section);
    return check(document).failed > 0;
  };
  EXPECT_FALSE(fails_without({"repair_share"}));
  EXPECT_FALSE(fails_without({"dkg", "invalid_element"}));
  EXPECT_FALSE(fails_without({"dkg", "invalid_element", "repair_share"}));
  EXPECT_FALSE(fails_without({"vectors", "dkg", "invalid_element"}));
  EXPECT_TRUE(fails_without({"dkg"}));
  EXPECT_TRUE(fails_without({"invalid_element"}));
  EXPECT_TRUE(fails_without({"vectors"}));
  EXPECT_TRUE(fails_without({"vectors", "dkg", "invalid_element", "repair_share"}));
}

TEST(Vectors, participants_and_their_outputs_come_in_any_order) {
  for (const char* turned : {"participant_list", "participant_shares", "round_one_outputs", "round_two_outputs"}) {
    auto document = rfc_file();
    auto& vector = document.at("vectors").at(0).as_object();
    auto& inputs = vector["inputs"].as_object();
    auto& list = inputs.contains(turned) ? inputs[turned].as_array() : vector[turned].at("outputs").as_array();
    std::swap(list.front(), list.back());
    const auto report = check(document);
    EXPECT_EQ(report.failed, 0U) << turned << ": " << (report.failures.empty() ? "" : report.failures.front());
  }
  auto document = rfc_file();
  auto& list = document.at("vectors").at(0).at("inputs").at("participant_list").as_array();
  list.back() = list.front();
  EXPECT_GT(check(document).failed, 0U) << "nobody takes part twice";
}

TEST(Vectors, secrets_of_a_dkg_that_mean_something_are_held_to_it) {
  auto document = rfc_file();
  auto& inputs = document.at("dkg").at("inputs").as_object();
  for (const char* id : {"1", "2", "3"}) inputs[id].as_object()["secret"] = inputs[id].at("signing_key");
  inputs["secret"] = inputs["1"].at("signing_key");
  const auto wrong = check(document);
  ASSERT_EQ(wrong.failed, 1U) << "the group's is the sum of all";
  const auto at = wrong.failures.at(0).rfind("got ");
  inputs["secret"] = wrong.failures.at(0).substr(at + 4);
  EXPECT_EQ(check(document).failed, 0U);
  inputs["2"].as_object()["secret"] = inputs["1"].at("signing_key");
  EXPECT_EQ(check(document).failed, 1U);
}

TEST(Vectors, numbers_may_be_decimal_text_and_hex_is_lower_case) {
  auto document = rfc_file();
  walk(document, "$", [&](json::value& value, const std::string&) {
    if (value.is_int64()) value = std::to_string(value.as_int64());
  });
  EXPECT_EQ(check(document).failed, 0U);
  auto& config = document.at("vectors").at(0).at("config").as_object();
  for (const char* other : {"", "03", "+3", "3 ", "4", "x"}) {
    config["MAX_PARTICIPANTS"] = other;
    EXPECT_GT(check(document).failed, 0U) << other;
  }
  document = rfc_file();
  auto& message = document.at("vectors").at(0).at("inputs").as_object();
  message["message"] = "7465737A";
  EXPECT_GT(check(document).failed, 0U);
}

TEST(Vectors, an_output_that_is_wrong_is_named_with_path_expected_and_got) {
  auto document = rfc_file();
  auto& share = document.at("vectors").at(0).at("round_two_outputs").at("outputs").at(1).at("sig_share").as_string();
  const std::string right(share.data(), share.size());
  share[10] = share[10] == '1' ? '2' : '1';
  const auto report = check(document);
  ASSERT_EQ(report.failed, 1U) << "one output field, one failure: nothing is computed from outputs";
  EXPECT_EQ(report.failures.at(0), "$.vectors[0].round_two_outputs.outputs[1].sig_share: expected \"" +
                                       std::string(share.data(), share.size()) + "\", got " + right);
}

TEST(Vectors, a_number_or_name_that_differs_is_noticed) {
  auto document = rfc_file();
  walk(document, "$", [&](json::value& value, const std::string& path) {
    if (value.is_int64()) {
      const auto before = value.as_int64();
      for (const std::int64_t other :
           {before + 1, before - 1, std::int64_t{0}, std::int64_t{-1}, std::int64_t{70'000}}) {
        value = other;
        EXPECT_GT(check(document).failed, 0U) << path << " = " << other;
      }
      value = before;
    } else if (value.is_string() && path != "$.suite") {
      const auto before = value.as_string();
      for (const char* other : {"", "zz", "FROST", "AB"}) {
        value = other;
        EXPECT_GT(check(document).failed, 0U) << path << " = " << other;
      }
      value = before;
    }
  });
  EXPECT_EQ(check(document).failed, 0U);
}

TEST(Vectors, a_missing_field_or_one_of_another_type_is_a_failure) {
  auto document = rfc_file();
  walk(document, "$", [&](json::value& value, const std::string& path) {
    if (auto* object = value.if_object()) {
      const json::object before = *object;
      for (const auto& [key, ignored] : before) {
        if (key.starts_with('_')) continue;
        object->erase(key);
        EXPECT_GT(check(document).failed, 0U) << path << " without " << key;
        *object = before;
      }
    }
    if (auto* array = value.if_array()) {
      const json::array before = *array;
      array->pop_back();
      EXPECT_GT(check(document).failed, 0U) << path << " without its last item";
      *array = before;
      if (path != "$.vectors") {
        array->push_back(before.back());
        EXPECT_GT(check(document).failed, 0U) << path << " with an item too many";
        *array = before;
      }
    }
    const json::value before = value;
    for (const auto& other :
         {json::value(nullptr), json::value(json::object{}), json::value(json::array{}), json::value(1.5)}) {
      value = other;
      EXPECT_GT(check(document).failed, 0U) << path << " as " << json::serialize(other);
    }
    value = before;
  });
  EXPECT_EQ(check(document).failed, 0U);
}

TEST(Vectors, an_invalid_element_must_be_refused) {
  auto document = rfc_file();
  document.as_object()["invalid_element"] = document.at("vectors").at(0).at("inputs").at("group_public_key");
  EXPECT_EQ(check(document).failed, 1U);
}

TEST(Vectors, every_entry_is_checked) {
  auto document = rfc_file();
  auto& vectors = document.at("vectors").as_array();
  const auto one = check(document).checks;
  vectors.push_back(vectors[0]);
  EXPECT_GT(check(document).checks, one + 20);
  vectors[1].at("final_output").as_object()["sig"] = std::string(128, '0');
  EXPECT_EQ(check(document).failed, 1U);
}

TEST(Vectors, a_suite_that_is_not_built_in_is_unknown) {
  auto document = rfc_file();
  document.as_object()["suite"] = "secp256k1-sha256";
  const auto report = check(document);
  EXPECT_TRUE(report.suite_unknown);
  EXPECT_EQ(report.checks, 0U);
}

TEST(Vectors, a_file_that_asks_for_too_many_secrets_fails_and_does_not_exhaust_locked_memory) {
  auto document = rfc_file();
  auto& inputs = document.at("vectors").at(0).at("inputs").as_object();
  auto& coefficients = inputs.at("share_polynomial_coefficients").as_array();
  const json::value coefficient = coefficients[0];
  coefficients.resize(20'000, coefficient);
  EXPECT_GT(check(document).failed, 0U);

  document = rfc_file();
  json::array& list = document.at("vectors").at(0).at("inputs").at("participant_list").as_array();
  json::array& outputs = document.at("vectors").at(0).at("round_one_outputs").at("outputs").as_array();
  const json::value output = outputs[0];
  list.resize(20'000, 1);
  outputs.resize(20'000, output);
  EXPECT_GT(check(document).failed, 0U);
}

TEST(Vectors, what_is_no_vector_file_fails) {
  for (const char* text : {"", "{", "[]", "null", "{}", "\"suite\"", "{\"suite\":\"ed25519-sha512\"}",
                           "{\"suite\":\"ed25519-sha512\",\"vectors\":[]}"}) {
    const auto report = check_vectors(text);
    EXPECT_GT(report.failed, 0U) << text;
    EXPECT_FALSE(report.suite_unknown) << text;
  }
}

}  // namespace
}  // namespace assay::threshold
