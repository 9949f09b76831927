# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` writes. Include it at the end of the top CMakeLists.txt,
# when the targets exist. Everything installed may be moved as a whole.
#
#   lib/         libgoldenspike.a, cmake/goldenspike/, pkgconfig/goldenspike.pc
#   include/     goldenspike/*.h
#   bin/         gsp
#   share/       goldenspike/rtl: the Verilog, as it stands in rtl/
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(GSP_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/goldenspike)
set(GSP_INSTALL_PCDIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(GSP_INSTALL_RTLDIR ${CMAKE_INSTALL_DATADIR}/goldenspike/rtl)

install(TARGETS goldenspike EXPORT goldenspike-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET gsp)
  install(TARGETS gsp RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/c_model/include/goldenspike
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/rtl/ DESTINATION ${GSP_INSTALL_RTLDIR}
        FILES_MATCHING PATTERN "*.v" PATTERN "*.vh" PATTERN "*.mem" PATTERN "*.hex")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/goldenspike)

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
