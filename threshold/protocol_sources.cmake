# The agreement protocol: pure machines and their codecs.
set(ASSAY_PROTOCOL_SOURCES committee.cpp timing.cpp)
