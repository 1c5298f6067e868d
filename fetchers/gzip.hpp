#pragma once
#include "core/bytes.hpp"
#include "core/result.hpp"

namespace assay::fetchers {

/// True for what starts like a gzip member (RFC 1952): no JSON text does.
bool is_gzip(ByteSpan bytes) noexcept;

/// The one member that `packed` holds, unpacked.
///   errors  malformed: damaged, cut off, or followed by anything;  too_large: more than payload_size_max unpacked
///   cost    memory follows what is really unpacked, never what the member claims;  pure, any thread
Result<Bytes> gunzip(ByteSpan packed);

}  // namespace assay::fetchers
