# The agreement protocol: pure machines and their codecs.
set(ASSAY_PROTOCOL_SOURCES
    committee.cpp succession.cpp timing.cpp envelope.cpp codec.cpp codec_parts.cpp catch_up.cpp certificate.cpp chain.cpp
    durable.cpp
    nonces.cpp pacemaker.cpp observations.cpp proposal.cpp round.cpp signing.cpp view_change.cpp signatures.cpp
    speaker.cpp inbox.cpp machine.cpp machine_epochs.cpp machine_round.cpp machine_signing.cpp machine_sync.cpp
    machine_views.cpp machine_evidence.cpp protocol.cpp
    evidence/codec.cpp evidence/judge_words.cpp evidence/judge_shares.cpp evidence/judge_proposals.cpp
    evidence/witness.cpp)
