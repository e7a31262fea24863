print("petrify")
