# Key ceremonies: pure machines that end with an epoch record and a share for each member.
set(ASSAY_CEREMONY_SOURCES
    ceremony/polynomial.cpp ceremony/dleq.cpp ceremony/proposal.cpp ceremony/frame.cpp ceremony/deal.cpp
    ceremony/messages.cpp ceremony/evidence.cpp ceremony/evidence_codec.cpp
    ceremony/board.cpp ceremony/assemble.cpp ceremony/durable.cpp ceremony/outbox.cpp ceremony/test_signing.cpp
    ceremony/machine.cpp ceremony/machine_messages.cpp ceremony/machine_deals.cpp ceremony/machine_faults.cpp
    ceremony/machine_restore.cpp ceremony/repair_messages.cpp ceremony/repair_machine.cpp)
