#pragma once
#include <array>

#include "core/mutants.hpp"

namespace assay {

/// By Mutant, as the command line has them.
inline constexpr std::array<const char*, mutant_count> mutant_names = {"none",
                                                                       "smaller_threshold",
                                                                       "no_lock_rule",
                                                                       "amnesia",
                                                                       "no_fence",
                                                                       "cross_view_session",
                                                                       "smaller_certificate",
                                                                       "kept_nonce",
                                                                       "send_before_fsync",
                                                                       "timely_reproposal",
                                                                       "wrong_rank",
                                                                       "fresh_carried_time",
                                                                       "clamped_price",
                                                                       "unproved_lock_skipped",
                                                                       "late_share",
                                                                       "lock_without_bodies",
                                                                       "rolled_back_log",
                                                                       "announced_anywhere",
                                                                       "wrong_file_votes",
                                                                       "endless_epoch",
                                                                       "wrong_log",
                                                                       "bodiless_obligation",
                                                                       "lock_by_root",
                                                                       "unread_chain",
                                                                       "early_voice",
                                                                       "stripped_chain"};

}  // namespace assay
