#include "core/header.hpp"
