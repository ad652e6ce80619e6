"""`sanad help`: the same as `--help`, for those who type it first."""

import click


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND [SUBCOMMAND]]")
@click.pass_context
def help_(context: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command.

    \b
    Exit codes: 0; 2 there is no such command.
    """
    place = context.find_root()
    for word in words:
        group = place.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"{place.command_path} has no commands of its own. Type: sanad help {group.name}")
        _name, command, _left = group.resolve_command(place, [word])
        assert command is not None
        place = click.Context(command, parent=place, info_name=word)
    click.echo(place.get_help())
