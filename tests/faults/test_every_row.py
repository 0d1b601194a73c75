"""Which test holds which row of the table of bad inputs, and that all of them are there.

The table itself is not part of the project; its numbers are. A row may be held by several tests, of which the nearest
are named: file below ``tests/``, and test.
"""

import ast
from functools import cache
from pathlib import Path

from bad_files import ROWS

TESTS = Path(__file__).resolve().parents[1]
ALL = range(1, 83)

FILES = "faults/test_bad_inputs.py::test_a_bad_file_has_the_outcome_of_its_row"
"""Held by a row of `bad_files.ROWS` of the same number."""
BAD, LOAD = "scan/test_bad_files.py", "scan/test_load.py"
RUN, FIND, BATCH = "batch/test_run.py", "batch/test_discover.py", "cli/test_batch_command.py"
CHECK, DOCTOR, ENGINES = "cli/test_check_command.py", "cli/test_doctor_command.py", "dates/test_engines.py"
PLACES, MACHINE, WRONG = "faults/test_places.py", "faults/test_machine_faults.py", "faults/test_wrong_answers.py"
AROUND = "faults/test_surroundings.py"
MARK, STORE, MARKS = "library/test_schema.py", "library/test_store.py", "library/test_marks_command.py"
ROWS_OF_FLIGHTS, MATCH = "flights/test_flight_rows.py", "flights/test_flight_match.py"
REVIEW = "review/test_review.py"
PAGE, TABLE, SIDECAR, CONTRACT = (f"outputs/test_{name}.py" for name in ("report", "table", "sidecar", "contract"))

HELD: dict[int, tuple[str, ...]] = {
    **dict.fromkeys((1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 27, 28), (FILES,)),
    8: (f"{LOAD}::test_a_large_scan_needs_seven_bytes_a_pixel",),
    18: (f"{LOAD}::test_every_page_is_a_scan_up_to_the_limit_and_previews_are_left_out",
         f"{LOAD}::test_an_animated_picture_is_one_scan_a_frame"),
    21: (f"{BAD}::test_heic_without_the_extra_names_the_package",),
    22: (f"{WRONG}::test_row_22_a_photograph_and_an_album_page_name_nothing",
         f"{WRONG}::test_row_22_a_mirrored_or_negative_scan_is_never_surely_something"),
    23: (f"{BAD}::test_a_file_without_permission_says_so",
         f"{FIND}::test_a_folder_that_can_not_be_read_is_a_failure_and_the_others_go_on"),
    24: (f"{FIND}::test_a_listed_file_that_has_gone_is_found_so_that_it_gets_its_row",
         f"{LOAD}::test_a_file_is_hashed_named_and_left_alone"),
    25: (f"{PLACES}::test_row_25_broken_links_and_loops_are_told_and_a_run_ends_well",),
    26: (f"{BAD}::test_places_that_are_no_files_are_refused_without_waiting",
         f"{FIND}::test_links_pipes_and_loops_are_passed_over_with_a_reason"),
    29: (f"{PLACES}::test_row_29_files_of_one_base_name_have_results_pictures_and_keywords_of_their_own",),
    30: (f"{PLACES}::test_row_30_two_spellings_of_one_file_are_worked_on_once",),
    31: (f"{BATCH}::test_a_run_inside_its_input_is_not_its_own_input",
         f"{FIND}::test_a_folder_of_results_is_never_input"),
    32: (f"{BATCH}::test_a_bad_place_for_results_ends_before_any_work",),
    33: (f"{PLACES}::test_row_33_nothing_is_made_or_touched_beside_the_scans",),
    34: (f"{PLACES}::test_row_34_long_paths_work_and_those_too_long_for_the_system_are_told",),
    35: (f"{PLACES}::test_row_35_many_files_are_listed_in_bounded_time_and_memory",),
    36: (f"{DOCTOR}::test_absent_tesseract_is_a_loss_and_no_end",
         f"{ENGINES}::test_automatic_choice_falls_back_where_engines_are_missing",
         f"{ENGINES}::test_a_program_that_is_too_old_or_no_tesseract_is_refused"),
    37: (f"{DOCTOR}::test_a_wrong_tessdata_prefix_is_named",),
    38: (f"{ENGINES}::test_a_program_that_crashes_or_hangs_costs_its_readings_and_says_so",
         f"{ENGINES}::test_rubbish_is_an_empty_reading"),
    39: (f"{RUN}::test_a_file_that_kills_hangs_or_breaks_its_worker_costs_itself_only",),
    40: (f"{RUN}::test_a_file_that_kills_hangs_or_breaks_its_worker_costs_itself_only",),
    41: (f"{MACHINE}::test_row_41_a_scan_that_wants_too_much_memory_costs_itself_only",),
    42: (f"{RUN}::test_a_signal_once_finishes_what_is_in_work", f"{RUN}::test_a_signal_twice_stops_at_once",
         f"{RUN}::test_a_killed_run_goes_on_and_ends_as_an_undisturbed_one"),
    43: (f"{MACHINE}::test_row_43_a_disk_that_is_full_leaves_no_half_product_and_all_results",
         f"{RUN}::test_a_full_disk_ends_the_run_and_keeps_what_was_done"),
    44: (f"{RUN}::test_two_runs_do_not_share_a_folder",),
    45: (f"{MACHINE}::test_row_45_two_runs_of_the_same_scans_at_a_time_do_not_meet",),
    46: (f"{BATCH}::test_a_command_line_that_makes_no_sense_ends_with_code_two_and_writes_nothing",
         "batch/test_machine.py::test_cores_follow_the_quota"),
    47: (f"{AROUND}::test_closed_streams_do_no_harm", f"{AROUND}::test_the_summary_is_readable_on_any_console",
         f"{AROUND}::test_a_reader_that_goes_away_or_a_full_disk_ends_without_a_traceback"),
    48: (f"{AROUND}::test_surroundings_change_no_byte_of_the_json_but_the_timings",),
    49: (f"{MACHINE}::test_row_49_a_batch_needs_no_home_and_gives_no_warning",
         f"{AROUND}::test_surroundings_change_no_byte_of_the_json_but_the_timings",
         "test_architecture.py::test_the_network_is_never_used"),
    51: (f"{CHECK}::test_what_a_library_prints_does_not_reach_stdout",),
    52: (f"{MARK}::test_a_fault_of_syntax_names_line_and_column", f"{MARK}::test_other_encodings_are_named",
         f"{STORE}::test_a_faulty_mark_is_told_and_the_others_work", f"{STORE}::test_strict_raises_the_first_problem"),
    53: (f"{MARK}::test_a_huge_file_is_not_even_parsed",),
    54: (f"{MARK}::test_deep_nesting_is_a_fault_and_no_crash",),
    55: (f"{MARK}::test_no_bytes_raise_anything_but_a_library_error",),
    56: (f"{MARK}::test_a_key_given_twice_is_refused",),
    57: (f"{MARK}::test_a_fault_names_file_line_and_value",),
    58: (f"{STORE}::test_an_id_of_a_built_in_mark_needs_replaces",
         f"{STORE}::test_two_marks_of_the_user_with_one_id_are_both_named"),
    59: (f"{MARK}::test_a_picture_outside_the_folder_is_refused",
         f"{MARK}::test_a_picture_that_links_outside_is_refused",
         f"{MARK}::test_a_missing_picture_is_a_fault", f"{MARK}::test_a_huge_picture_is_a_fault"),
    60: (f"{MARKS}::test_validate_finds_an_empty_and_a_repeated_picture",
         f"{MARK}::test_a_fault_names_file_line_and_value"),
    61: (f"{STORE}::test_a_library_of_no_marks_works", f"{STORE}::test_many_marks_load_in_bounded_time"),
    62: (f"{ROWS_OF_FLIGHTS}::test_what_spreadsheets_save_is_read",
         f"{ROWS_OF_FLIGHTS}::test_other_files_are_refused_with_the_line",
         f"{ROWS_OF_FLIGHTS}::test_a_file_larger_than_the_cap_is_not_read"),
    63: (f"{ROWS_OF_FLIGHTS}::test_a_row_that_can_not_be_true_is_refused",
         f"{ROWS_OF_FLIGHTS}::test_doubled_and_overlapping_stays_are_refused",
         f"{ROWS_OF_FLIGHTS}::test_open_ended_future_and_untimed_stays_are_taken"),
    64: (f"{PAGE}::test_text_of_files_stays_text",
         f"{TABLE}::test_a_cell_that_looks_like_a_formula_gets_an_apostrophe"),
    65: ("library/test_project.py::test_a_faulty_project_ends_the_run_with_cause_and_remedy",),
    66: (f"{TABLE}::test_a_cell_that_looks_like_a_formula_gets_an_apostrophe", FILES),
    67: (f"{PAGE}::test_text_of_files_stays_text", f"{PAGE}::test_an_address_can_not_leave_the_folder", FILES),
    68: (f"{REVIEW}::test_row_68_addresses_are_numbers_and_lead_nowhere_else",
         f"{REVIEW}::test_row_68_a_link_in_the_place_of_a_picture_is_not_followed"),
    69: (f"{REVIEW}::test_row_69_the_server_is_heard_on_this_machine_only",
         f"{REVIEW}::test_row_69_other_sites_names_and_people_are_refused",
         f"{REVIEW}::test_row_69_a_form_needs_the_secret_of_the_page",
         f"{REVIEW}::test_row_69_only_the_key_of_the_address_lets_in_and_it_leaves_the_address"),
    70: (f"{PLACES}::test_row_70_words_of_sql_in_a_name_are_only_a_name", FILES),
    71: ("test_architecture.py::test_no_shell_is_ever_asked", FILES),
    72: ("outputs/test_text.py::test_control_characters_are_shown_and_not_obeyed",
         f"{BATCH}::test_names_are_shown_with_control_characters_escaped", FILES),
    73: (f"{PLACES}::test_row_73_what_a_scan_says_of_its_owner_goes_nowhere",),
    74: (f"{SIDECAR}::test_names_with_signs_that_xml_forbids_do_no_harm",),
    75: (f"{CONTRACT}::test_what_json_does_not_have_is_never_written",
         f"{CONTRACT}::test_any_text_survives_the_round_trip_as_utf8"),
    76: (f"{MATCH}::test_marks_of_two_stations_are_doubted_unless_one_flight_visited_both",
         f"{MATCH}::test_a_mark_out_of_use_is_doubted_unless_its_date_is_read_surely"),
    77: (f"{MATCH}::test_readings_outside_the_life_of_the_station_are_dropped_with_a_reason",),
    78: ("dates/test_grammar.py::test_an_unread_figure_gives_every_date_of_the_calendar_that_fits",
         "dates/test_grammar.py::test_a_doubtful_figure_yields_its_confusions_as_alternatives"),
    79: (f"{MATCH}::test_a_quiet_day_names_both_neighbours",),
    80: (f"{WRONG}::test_row_80_every_quarter_turn_names_the_same_flight",
         f"{WRONG}::test_row_80_a_mark_half_off_the_edge_names_no_other_flight"),
    81: (f"{WRONG}::test_row_81_the_resolution_changes_no_flight",
         f"{WRONG}::test_row_81_compression_and_lost_colour_change_no_flight"),
    82: (f"{WRONG}::test_row_82_an_ornament_with_the_outline_of_a_seal_names_no_station_and_no_flight",),
}  # fmt: skip

ABSENT = {
    50: "old and new OpenCV, Pillow and numpy: the whole suite holds it, in an environment of each",
}
"""Rows that no single test can hold yet, and why."""


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_row_has_a_test_or_a_reason_why_not():
    assert sorted([*HELD, *ABSENT]) == list(ALL)


def test_every_test_that_is_named_exists():
    named = {name for names in HELD.values() for name in names}
    missing = [name for name in named if name.split("::")[1] not in names_in(name.split("::")[0])]
    assert not missing


def test_the_files_of_the_table_are_built_for_every_row_that_counts_on_them():
    built = {number for number, *_ in ROWS}
    assert {number for number, names in HELD.items() if FILES in names} == built
