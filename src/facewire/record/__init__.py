"""The record: patients, visits, recordings, results, people and what they did."""
