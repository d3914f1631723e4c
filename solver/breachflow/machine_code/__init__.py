"""Where machine code is kept, and the variables of the compiler."""
