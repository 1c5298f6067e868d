#include "core/leaf.hpp"
