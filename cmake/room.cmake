# How a room is built. Every CMakeLists.txt of a room is a few calls of these.
#
#   jebi_room(kit_sql STANDS_ON kit_base kit_fiber OUTSIDE SQLite::SQLite3)
#       A library of all *.cpp here (but *_test.cpp and *_main.cpp), and, when there are any
#       *_test.cpp, the test program kit_sql_test, registered under the room's name.
#   jebi_contract(tweets)
#       tweets.proto -> the library contract_tweets (messages, and protoc-gen-jebi's classes).
#   jebi_embed(tweets_schema FOLDER schema NAMESPACE jebi::tweets NAME schema_files [COMPRESS])
#       A library with the folder's files in it, as `std::span<const jebi::Embedded> schema_files()`,
#       declared in "<target>.h".

function(jebi_room target)
  cmake_parse_arguments(ROOM "" "" "STANDS_ON;OUTSIDE;TEST_NEEDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  file(GLOB mains CONFIGURE_DEPENDS *_main.cpp)
  if(tests OR mains)
    list(REMOVE_ITEM sources ${tests} ${mains})
  endif()
  add_library(${target} STATIC ${sources})
  target_link_libraries(${target} PUBLIC ${ROOM_STANDS_ON} PRIVATE ${ROOM_OUTSIDE})
  if(JEBI_TESTS AND tests)
    add_executable(${target}_test ${tests} ${CMAKE_SOURCE_DIR}/cmake/test_main.cpp)
    target_link_libraries(${target}_test PRIVATE ${target} ${ROOM_TEST_NEEDS})
    file(RELATIVE_PATH room ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    add_test(NAME ${room} COMMAND ${target}_test --no-intro WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${room} PROPERTIES TIMEOUT 300)
  endif()
endfunction()

function(jebi_contract name)
  set(proto ${CMAKE_CURRENT_SOURCE_DIR}/${name}.proto)
  set(out ${CMAKE_BINARY_DIR}/generated)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(stem ${out}/${folder}/${name})
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${stem}.pb.h ${stem}.pb.cc ${stem}.jebi.h ${stem}.jebi.cc
    COMMAND protobuf::protoc -I${CMAKE_SOURCE_DIR} --cpp_out=${out} --jebi_out=${out}
            --plugin=protoc-gen-jebi=$<TARGET_FILE:protoc-gen-jebi> ${proto}
    DEPENDS ${proto} protoc-gen-jebi VERBATIM)
  add_library(contract_${name} STATIC ${stem}.pb.cc ${stem}.jebi.cc)
  target_link_libraries(contract_${name} PUBLIC kit_rpc protobuf::libprotobuf)
  set_source_files_properties(${stem}.pb.cc PROPERTIES COMPILE_OPTIONS
    "-Wno-conversion;-Wno-sign-conversion;-Wno-shadow;-Wno-old-style-cast;-Wno-pedantic")
endfunction()

function(jebi_embed target)
  cmake_parse_arguments(EMBED "COMPRESS" "FOLDER;NAMESPACE;NAME" "" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${EMBED_FOLDER}/*)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(out ${CMAKE_BINARY_DIR}/generated/${folder}/${target})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated/${folder})
  set(compress "")
  if(EMBED_COMPRESS)
    set(compress --compress)
  endif()
  # The list of files changes when one is removed: then, too, it is made anew.
  file(CONFIGURE OUTPUT ${out}.files CONTENT "${files}" @ONLY)
  add_custom_command(
    OUTPUT ${out}.h ${out}.cpp
    COMMAND jebi-embed ${compress} --namespace ${EMBED_NAMESPACE} --name ${EMBED_NAME}
            --folder ${CMAKE_CURRENT_SOURCE_DIR}/${EMBED_FOLDER} --out ${out}
    DEPENDS ${files} ${out}.files jebi-embed VERBATIM)
  add_library(${target} STATIC ${out}.h ${out}.cpp)
  target_link_libraries(${target} PUBLIC kit_base)
endfunction()
