# Compiler settings, third-party packages and the four helpers that every folder uses.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# ccache keeps whole object files; a machine without it (CI, a newcomer) at least parses the common headers once.
if(CMAKE_CXX_COMPILER_LAUNCHER)
  set(without_ccache OFF)
else()
  set(without_ccache ON)
endif()
option(ASSAY_PRECOMPILE "precompile what most tests and commands include" ${without_ccache})

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(simdjson REQUIRED)
find_package(GTest REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
if(ASSAY_IO)
  find_package(CLI11 REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(prometheus-cpp REQUIRED COMPONENTS core)
  find_package(benchmark REQUIRED)
  pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
  pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
  pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
endif()

add_library(assay_options INTERFACE)
target_include_directories(assay_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(assay_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum
                                               $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
                                               -Werror -fno-omit-frame-pointer)
# Bound at start: the lazy binder saves vector registers on the stack, and a secret may be in one.
target_link_options(assay_options INTERFACE -Wl,-z,relro,-z,now)
if(ASSAY_MUTANTS)
  target_compile_definitions(assay_options INTERFACE ASSAY_MUTANTS)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE} -fno-sanitize-recover=all
                                                 "$<$<BOOL:$<TARGET_PROPERTY:TEST_CODE>>:-O0;-fno-sanitize=undefined>")
  target_link_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE})
  if(ASSAY_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio's fences stand beside locks that the sanitizer does see.
    target_compile_options(assay_options INTERFACE -Wno-tsan)
  endif()
endif()

# assay_library(name [PURE] SOURCES ... USES ...): PURE folders are built without exceptions.
function(assay_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PURE" "" "SOURCES;USES")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC assay_options ${arg_USES})
  target_compile_options(${name} PRIVATE $<$<BOOL:${arg_PURE}>:-fno-exceptions>)
endfunction()

# assay_beast_unit(file...): what Beast costs to compile is paid without UBSan and unoptimised under sanitizers.
function(assay_beast_unit)
  if(ASSAY_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "-O0;-fno-sanitize=undefined")
  endif()
endfunction()

# assay_test_code(target): the code of a test is compiled quickly; what it tests keeps the flags of the preset.
function(assay_test_code name)
  set_target_properties(${name} PROPERTIES TEST_CODE ON)
  if(CMAKE_BUILD_TYPE STREQUAL Release)
    # gcc 12 at -O1 takes std::string's short buffer for one that is written past its end.
    target_compile_options(${name} PRIVATE -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
                                           $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)
  endif()
endfunction()

if(ASSAY_PRECOMPILE)
  file(WRITE ${PROJECT_BINARY_DIR}/test_headers.cpp "")
  add_library(assay_test_headers OBJECT ${PROJECT_BINARY_DIR}/test_headers.cpp)
  target_link_libraries(assay_test_headers PRIVATE assay_options GTest::gmock)
  target_precompile_headers(assay_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h> <algorithm> <functional> <map>
                                                       <optional> <random> <set> <span> <string> <variant> <vector>)
  assay_test_code(assay_test_headers)
endif()

# assay_test(name SOURCES ... USES ...): one GoogleTest program, one ctest entry.
function(assay_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  add_executable(${name} ${arg_SOURCES})
  assay_test_code(${name})
  if(ASSAY_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM assay_test_headers)
  endif()
  target_link_libraries(${name} PRIVATE assay_options ${arg_USES} GTest::gtest_main GTest::gmock)
  target_compile_definitions(${name} PRIVATE ASSAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# assay_fuzz(name USES ...): tests/fuzz/<name>_fuzz.cpp. A libFuzzer program under ASSAY_FUZZ; else a plain program
# that ctest runs over tests/fuzz/corpus/<name>/.
function(assay_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES")
  if(ASSAY_FUZZ)
    add_executable(fuzz_${name} ${name}_fuzz.cpp)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name} ${name}_fuzz.cpp replay_main.cpp)
    add_test(NAME fuzz_${name}_corpus COMMAND fuzz_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
  target_link_libraries(fuzz_${name} PRIVATE assay_options ${arg_USES})
endfunction()
