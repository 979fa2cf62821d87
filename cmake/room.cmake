# What every target shares: warnings are errors, sanitizers by preset, one precompiled header of the standard library.
add_library(causeway_flags INTERFACE)
target_include_directories(causeway_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(causeway_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers
                       -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside the standard library's own optional, variant and string at -O2 (GCC bugs 105562, 105651, 107919)
  target_compile_options(causeway_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict -fpch-preprocess)
  if(CAUSEWAY_SANITIZE)
    # The sanitizers' own checks make it see sizes that cannot be (GCC bug 71434 and its like).
    target_compile_options(causeway_flags INTERFACE -Wno-stringop-overflow)
  endif()
endif()
# Poco brings definitions that the precompiled header must have been made with, or no room that uses Poco can use it.
target_compile_definitions(causeway_flags INTERFACE $<TARGET_PROPERTY:Poco::Foundation,INTERFACE_COMPILE_DEFINITIONS>)
if(CAUSEWAY_SANITIZE)
  target_compile_options(causeway_flags INTERFACE -fsanitize=${CAUSEWAY_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(causeway_flags INTERFACE -fsanitize=${CAUSEWAY_SANITIZE})
endif()
target_link_libraries(causeway_flags INTERFACE fmt::fmt)
target_link_options(causeway_flags INTERFACE -fuse-ld=lld)

add_library(causeway_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
target_link_libraries(causeway_pch PRIVATE causeway_flags)
target_precompile_headers(causeway_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/standard.hpp)

# causeway_room(NAME DEPENDS other rooms and libraries): one room, one static library named causeway_NAME.
# Takes every .cpp of the folder and its sub-folders.
function(causeway_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(causeway_${name} STATIC ${sources})
    target_precompile_headers(causeway_${name} REUSE_FROM causeway_pch)
    target_link_libraries(causeway_${name} PRIVATE causeway_flags PUBLIC ${ROOM_DEPENDS} fmt::fmt)
    target_include_directories(causeway_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  else()
    add_library(causeway_${name} INTERFACE)
    target_link_libraries(causeway_${name} INTERFACE ${ROOM_DEPENDS} fmt::fmt)
    target_include_directories(causeway_${name} INTERFACE ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

# causeway_test(NAME KIND kind SOURCES ... DEPENDS ... [MAIN]): one GoogleTest program, labelled with its kind
# (unit, contract, property, golden, crash, real, tidy). `./dev test KIND` runs those of one kind.
# MAIN: the sources bring their own main().
function(causeway_test name)
  cmake_parse_arguments(TEST "MAIN" "KIND;TIMEOUT" "SOURCES;DEPENDS;ARGS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_precompile_headers(${name} REUSE_FROM causeway_pch)
  target_link_libraries(${name} PRIVATE causeway_flags ${TEST_DEPENDS} GTest::gmock)
  if(NOT TEST_MAIN)
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
  endif()
  target_compile_definitions(${name} PRIVATE CAUSEWAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             CAUSEWAY_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name} --gtest_output=json:${CMAKE_BINARY_DIR}/test-results/${name}.json ${TEST_ARGS})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_KIND}" TIMEOUT ${TEST_TIMEOUT})
endfunction()
