export default ({ world }) => {
  world.writeFile('/root/.ssh/authorized_keys', 'x');
};
