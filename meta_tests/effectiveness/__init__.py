"""Is every seeded defect detected, and no conforming variation reported?"""
