set(ASSAY_CEREMONY_SOURCES
    ceremony/polynomial.cpp ceremony/dleq.cpp ceremony/proposal.cpp ceremony/frame.cpp ceremony/deal.cpp
    ceremony/messages.cpp ceremony/evidence.cpp ceremony/evidence_codec.cpp
    ceremony/assemble.cpp ceremony/durable.cpp)
