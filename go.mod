module waitornot

go 1.26
