#pragma once
#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {

/// Appends what a message of the streams before v1 says: {"type","content"} or {"status","resmsg"}.
void read_bithumb_old_stream(JsonValue message, Parsed& out);

/// Appends what a message of the closed global site says: {"code","topic","data","timestamp"}.
void read_bithumb_global(JsonValue message, Parsed& out);

/// Appends what a body of the old REST API, {"status":"0000","data":...}, says.   symbol  given, may be empty
void read_bithumb_old_rest(const Endpoint& endpoint, JsonValue body, std::string_view symbol, Parsed& out);

}  // namespace assay::fetchers
