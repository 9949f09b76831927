# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` writes. Include it at the end of the top CMakeLists.txt,
# when the targets exist. Everything installed may be moved as a whole.
#
#   bin/         gsp
#   include/     goldenspike/*.h
#   lib/         libgoldenspike.a, cmake/goldenspike/, pkgconfig/goldenspike.pc,
#                and what gsp links into its benches
#   share/       goldenspike/: rtl/ and tb/ as they stand in the sources, for gsp and for
#                tools that read the Verilog
# gsp finds the libraries in ../lib and the rest in ../share/goldenspike.
if(NOT DEFINED CMAKE_INSTALL_LIBDIR)
  set(CMAKE_INSTALL_LIBDIR lib CACHE PATH "Libraries")
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(GSP_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/goldenspike)
set(GSP_INSTALL_PCDIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(GSP_INSTALL_HOME share/goldenspike)
set(GSP_INSTALL_RTLDIR ${GSP_INSTALL_HOME}/rtl)

install(TARGETS goldenspike EXPORT goldenspike-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/c_model/include/goldenspike
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/rtl/ DESTINATION ${GSP_INSTALL_RTLDIR}
        FILES_MATCHING PATTERN "*.v" PATTERN "*.vh" PATTERN "*.mem" PATTERN "*.hex" PATTERN "bugs.txt")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${GSP_INSTALL_HOME})

if(TARGET gsp)
  if(NOT CMAKE_INSTALL_LIBDIR STREQUAL "lib")
    message(WARNING "gsp looks for its libraries in ../lib; with CMAKE_INSTALL_LIBDIR=${CMAKE_INSTALL_LIBDIR} "
                    "the installed gsp cannot build benches")
  endif()
  install(TARGETS gsp RUNTIME DESTINATION bin)
  install(TARGETS gsp_lockstep ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  if(TARGET gsp_vpi)
    install(TARGETS gsp_vpi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endif()
  install(FILES ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/gsp_bench_flags.txt DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(PROGRAMS ${PROJECT_SOURCE_DIR}/tb/build_bench.sh DESTINATION ${GSP_INSTALL_HOME}/tb)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/tb/core ${PROJECT_SOURCE_DIR}/tb/verilator
          ${PROJECT_SOURCE_DIR}/tb/icarus DESTINATION ${GSP_INSTALL_HOME}/tb
          FILES_MATCHING PATTERN "*.h" PATTERN "*.cpp" PATTERN "*.v")
  # tb/build_bench.sh compiles its main against the headers beside tb/.
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/c_model/include/goldenspike
          DESTINATION ${GSP_INSTALL_HOME}/include FILES_MATCHING PATTERN "*.h")
endif()

install(EXPORT goldenspike-targets NAMESPACE goldenspike:: DESTINATION ${GSP_INSTALL_CMAKEDIR})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/goldenspike-config.cmake.in
  ${PROJECT_BINARY_DIR}/goldenspike-config.cmake
  INSTALL_DESTINATION ${GSP_INSTALL_CMAKEDIR} PATH_VARS GSP_INSTALL_RTLDIR)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/goldenspike-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/goldenspike-config.cmake
  ${PROJECT_BINARY_DIR}/goldenspike-config-version.cmake DESTINATION ${GSP_INSTALL_CMAKEDIR})

# From the directory of the .pc file up to the prefix, however deep LIBDIR is (lib/x86_64-linux-gnu).
file(RELATIVE_PATH GSP_PC_UP /prefix/${GSP_INSTALL_PCDIR} /prefix)
string(REGEX REPLACE "/$" "" GSP_PC_UP "${GSP_PC_UP}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/goldenspike.pc.in ${PROJECT_BINARY_DIR}/goldenspike.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/goldenspike.pc DESTINATION ${GSP_INSTALL_PCDIR})
