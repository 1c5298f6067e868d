#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>

#include "core/header.hpp"
#include "core/leaf.hpp"

namespace assay::publisher {

/// The courtesy values of one leaf, as the "view" of a frame shows them: the one place that knows their names.
/// Built by the sender from the batch and again by the reader from the verified bytes, so that the two can be compared.
///   total: any leaf and header give a view.   pure, any thread
boost::json::object leaf_view(const Leaf& leaf, const Header& header);

/// The names of the reason bits that are set, lowest first.
boost::json::array reason_list(std::uint16_t bits);
/// The bit of that name; 0 when there is none.
std::uint16_t reason_bit(std::string_view name);

}  // namespace assay::publisher
