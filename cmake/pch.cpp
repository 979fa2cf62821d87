// Gives the precompiled header of the standard library a target to belong to (cmake/room.cmake).
