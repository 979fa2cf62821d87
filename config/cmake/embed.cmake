# cmake -DOUTPUT=embedded.cpp -DSCHEMA=file -DPRESETS=file|file… -P embed.cmake: the schema and the presets as C++, so that an installed
# program needs no files beside it.
string(REPLACE "|" ";" presets "${PRESETS}")
set(delimiter "causeway-file")

file(READ "${SCHEMA}" content)
set(code "// Made by config/cmake/embed.cmake from config/causeway.schema.json and mappings/*.yaml.\n#include \"config/load.hpp\"\n\n")
string(APPEND code "namespace causeway::config {\n\n")
string(APPEND code "std::string_view schema() {\n  static constexpr std::string_view text = R\"${delimiter}(${content})${delimiter}\";\n  return text;\n}\n\n")
string(APPEND code "const Presets& shipped_presets() {\n  static const Presets presets{\n")
foreach(preset ${presets})
  get_filename_component(name "${preset}" NAME_WE)
  file(READ "${preset}" content)
  string(APPEND code "      {\"${name}\", R\"${delimiter}(${content})${delimiter}\"},\n")
endforeach()
string(APPEND code "  };\n  return presets;\n}\n\n}  // namespace causeway::config\n")
file(WRITE "${OUTPUT}" "${code}")
